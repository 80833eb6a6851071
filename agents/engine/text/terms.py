"""Terms of the lexicon: things by the age that introduced them, and words of magic.

A term is forbidden in a world whose technology is older. Ambiguous words (cell, tablet, spell, charm, shell, network,
press) are left out on purpose: a false alarm costs a reviewer's time. A term ending in ``*`` takes any ending.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final


class TechLevel(IntEnum):
    """Ages in order; the numbers have no other meaning."""

    STONE_AGE = 0
    ANCIENT = 1
    MEDIEVAL = 2
    RENAISSANCE = 3
    INDUSTRIAL = 4
    MODERN = 5
    NEAR_FUTURE = 6
    FAR_FUTURE = 7


# Things that each age introduced.
TERMS_BY_LEVEL: Final[Mapping[TechLevel, str]] = {
    TechLevel.ANCIENT: """
        bronze; iron; iron sword; steel; chariot; parchment; papyrus; scroll; coin; aqueduct; glass window;
        plough; wrote him a letter; wrote her a letter; wrote them a letter; written letter; wrote a letter;
        read the letter; opened the letter; sealed the letter;
        wheel; cart; wagon; catapult; galley; saddle; glass bottle;
        wheelbarrow; potter's wheel;
        sword; anvil; blacksmith; horseshoe; chain mail; chainmail; brick wall; wax tablet; oil lamp; lighthouse;
        sheet of paper; piece of paper; scrap of paper; slip of paper;
        ploughed the field; ploughed the fields; ploughed a field; ploughed the land; plow; pane of glass; glass pane;
        window of glass; on horseback; on their horses; mounted his horse; mounted
        her horse; stable boy; ploughshare; inkwell; ink pot; quill pen; tavern; vineyard; shop window
    """,
    TechLevel.MEDIEVAL: """
        windmill; crossbow; trebuchet; stirrup; spinning wheel; plate armour; plate armor; cathedral; suit
        of armour; suit of armor; clock; clock tower;
        longbow; chessboard; church bell; magnetic compass; abbey; monastery;
        mechanical clock; chess set; stained glass; parish church
    """,
    TechLevel.RENAISSANCE: """
        gun; gunpowder; gunfire; gunshot; gunman; gunmen; musket; pistol; arquebus; rifle; cannon;
        cannonball; printing press; newspaper; telescope; microscope; pocket watch; wristwatch; spectacles;
        pendulum clock; printed book; sextant; flintlock; blunderbuss; thermometer; barometer; coffee house;
        cigar; bayonet; piano; pianoforte; harpsichord; violin; pencil; musketeer; powder horn; hand grenade;
        corkscrew; printer; pulled the trigger; squeezed the trigger; checked his watch; checked her watch;
        glanced at his
        watch; glanced at her watch; looked at his watch; looked at her watch; wound his watch; wound her watch;
        printed newspaper; printed programme; printed page; printed sheet; movable type; moveable type;
        bank note; banknote; spyglass;;
        eyeglasses; opera glasses; musket ball; pistol shot; visiting card;
        bullet hole; bullet wound; gunsmith; bank account; champagne; sandwich; opera house; grandfather
        clock; sofa; wallpaper; consulted his watch; consulted her watch;
    """,
    TechLevel.INDUSTRIAL: """
        revolver; steam engine; steamship; steamboat; locomotive; railway; railroad; train station; train
        ticket; telegraph; telegram; photograph; photographer; photography; camera; gas lamp; gaslight; gaslamp;
        light bulb; lightbulb; electric*; telephone; phone; phonograph; gramophone; typewriter; dynamite;
        bicycle; fountain pen; matchbox; tin can; steam train; stethoscope; factory whistle; sewing machine; hot
        air balloon; submarine; battery pack; by train; train whistle; struck a match; box of matches; alarm
        clock; train carriage; railway carriage; telescopic sight; box of cartridges; electric doorbell;
        cigarette; shotgun; barbed wire; postage stamp; postcard; safety pin; perambulator; pram; tin opener;
        can opener;
        cardboard box; chloroform; morphine; saxophone; torpedo; torpedoes; omnibus; gasworks; steam whistle;
        rubber tyre;
        bicycle bell; steam tug; paddle steamer; engine coughed; engine started; engine sputtered; engine roared;
        engine idled;
        engine hummed; started the engine; stopped the engine; switched off the engine; cut the engine; engine room;
        cash register; bus; buses; photographed; steam locomotive; train was late; train pulled in; train pulled out;
        train stopped; caught the train; missed the train; boarded the train; started the motor; motor started;
        telephoned; safety razor; stopwatch; telegraph pole; telephone box; corrugated iron; lawnmower;
        lawn mower; hypodermic; hypodermic syringe; telegraphed to; telegraphed ahead; tinned soup; gas stove; gas
        cooker; gas mask; cigarette lighter;
        goods train; railway station; railway line; typed letter; rubber gloves; light bulbs; bullet-proof;
        signal box; level crossing; ticket inspector; railwayman; railwaymen; station platform; magic lantern slide;
        kerosene lamp; paraffin lamp; hurricane lamp; steamroller; traction engine; ironclad; gatling gun;
        six-shooter;
        repeating rifle; cartridge belt; suspension bridge; matchstick; safety match; celluloid; margarine;
        tin of beans; typed; typist; phoned;
        tin of sardines; tin of soup; rubber ball; rubber boot; wellington boots; hypodermic needle; telegraph office;
        telegraph wire; steam hammer; blasting cap; stick of dynamite; sticks of dynamite; grand piano;
        steamer; car; train whistled; noon train; night train; morning train;
        sleeper train; express train; train tracks; train journey; injection; syringe; anaesthetic; anesthetic;
        photograph album; newsreel; policeman;
        policemen; policewoman; police station; police officer; police constable; ambulance; flushed the toilet;
        toilet paper; flush toilet; turned on the tap; pyjamas; pajamas; cardboard; roll of film;
        rubber boots; rubber sole; rubber band; denim; chequebook; bacteria; bacterium; microbe; book
        of matches; gaslit; gas mains; aluminium; aluminum; tinned peaches; tinned meat;
        tinned milk; fire engine; department store; steam pipe; boiler room; telephone exchange; picked up the
        receiver; underground train; tube station; cable car; bowler hat; top hat; ticket collector; railway siding
    """,
    TechLevel.MODERN: """
        smartphone; cell phone; cellphone; mobile phone; mobile telephone; iphone; laptop; computer; internet;
        website; email;
        e-mail; text message; texted; selfie; wifi; wi-fi; gps; television; tv; radio; wireless set;
        send me a text; sent him a text; sent her a text; sent me a text; parked the van;
        googled; photocopier; fridge; ballpoint pen; loudspeaker; airplane;
        aeroplane; jet plane; jet fighter; aircraft;
        helicopter; car park; motorcycle; motorway; automobile; motor car; motor-car; motorcar; dishwasher; took
        the bus; bus stop; by bus; jumbo jet; jet engine; zip fastener; washing machine; vacuum cleaner;
        doorbell; truck; taxi; tram; submachine gun; machine gun; assault rifle; grenade; atomic bomb; nuclear;
        plastic; nylon; neon; microwave; refrigerator; elevator; escalator; x-ray; antibiotic; vaccine; parking
        lot; traffic light; skyscraper; credit card; atm; software; video game; headphones; earbuds; flashlight;
        walkie-talkie; radar; satellite; robot; zipper; sunglasses; sneakers; t-shirt; jeans; social media;
        search engine; power outlet; lorry; lorries; tractor; bulldozer; forklift; motorbike; moped; petrol; gasoline;
        diesel; parachute; airport; airliner; airfield; traffic jam; traffic cop; motel; light switch; plugged in;
        detergent; answered his mobile; answered her mobile; turned on the light; turned off the light; turned the
        light on; turned the light off; turned on the lamp; turned off the lamp; switched on the light;
        switched on the lamp; switched on the torch; switched off the light; switched off the
        lamp; switched off the torch; turned on the lights; turned off the lights; remote control; hair dryer;
        parked the car; started the car; got into the car; car keys; car horn; car door; windscreen; windshield;
        headlights; seat belt; toaster; hard drive; usb; touchscreen; videotape; video camera; dvd; cash machine;
        barcode;
        penicillin; polyester; velcro; answering machine; voicemail; phone charger; photocopied; spreadsheet;
        download*;
        uploaded; webcam; emoji; podcast; hashtag; video call; livestream*; air conditioning; air conditioner;
        contact lens;
        contact lenses; hearing aid; pacemaker; deodorant; sellotape; duct tape; styrofoam; polystyrene;
        cling film; lycra; hoodie;
        baseball cap; aspirin; insulin; chemotherapy; motorboat; motor boat; defibrillator; police car;
        squad car; gas station;
        petrol station;
        filling station; supermarket; shopping mall; shopping trolley; vending machine; cinema; movie;
        record player; jukebox;
        cassette; stereo; synthesizer; guided missile; geiger counter; fibreglass; tin foil; hovercraft;
        speedboat; pickup truck;
        minivan; limousine; sports car; spark plug; carburettor; gearbox; handbrake; steering wheel;
        windscreen wiper; bus driver;
        bus ticket; drove the car; car engine; car radio; crash helmet; freezer; hoovered; food processor;
        tumble dryer;
        electrician; power station; power cut; power line; light aircraft; pilot's licence; control tower;
        runway lights; skyped; faxed; fax machine; emailed; x-rayed; microphone; chainsaw; wetsuit;
        boarding pass; plane ticket;;
        taxi driver; cab driver; ceiling fan; central heating; thermostat; fuse box; power drill; stapler;
        biro; paper clip;;
        teabag; tea bag; light switches; fluorescent tube; jet crossed; jet roared; jet screamed; jet passed;
        two jets;;
        earphones; headset; photocopies; hand dryer; lighter fluid; bin bag; contact sheet; intercom;
        jeep; atom bomb; hydrogen bomb; zeppelin; biplane; seaplane; warplane; fighter plane; bazooka; flamethrower;
        missile launcher; sub-machine gun; snowmobile; jet ski; spacecraft; space shuttle; astronaut; cosmonaut;
        pocket calculator; camcorder; video recorder; tape recorder; transistor; polaroid; delivery van; police van;
        camper van; van driver; parking meter; parking ticket; number plate; licence plate; license plate;
        zebra crossing; motor scooter; tracksuit; bikini; miniskirt; mascara; nightclub; rock and roll; karaoke;
        megaphone; paracetamol; ibuprofen; tranquilliser; hotplate; combine harvester; uranium; plutonium;
        teleprinter;
        dictaphone; laser; laser beam; aerosol; spray can; smoke alarm; smoke detector; burglar alarm; fire alarm;
        sprinkler system; monorail; bullet train; cellophane; hamburger; cheeseburger; instant coffee; ready meal;
        fast food; frozen pizza; fish fingers; satnav; sat nav; cctv; security camera; surveillance camera; dna test;
        mri scan; qr code; bluetooth; screenshot; broadband; e-reader; ebook; chip pan; electric drill;
        hair straighteners;
        sticky tape; bubble wrap; petrol can; fuel tank; fuel gauge; dashboard; rear-view mirror;
        exhaust pipe; engine oil; oil tanker; tower block; lift shaft; lift doors;
        zipped up; zipped his; zipped her; unzipped; plane passed; plane landed; plane took off; plane banked; plane
        circled; plane crashed; plane flew; plane touched down; boarded the plane; boarded a plane; took the lift up;
        took the lift down; took the lift to; lift attendant; mobile rang; mobile buzzed; car pulled up; car pulled
        in; car pulled away; car
        pulled out; car drove; got out of the car; her car; his car; my car; their car; our car; car alarm; car
        crash; car accident; hire car; rental car; company car; drove the van; white van; flicked the switch;
        flipped the switch; flicked on the light; flicked off the light; flat battery; dead battery; took a shower;
        turned on the shower; generator; stainless steel; titanium; tarmac; asphalt; dna; genome; blood
        transfusion; blood pressure; paramedic; ultrasound; scuba; online; charging cable; film crew; film star;
        lock screen; keypad; power bank; phone booth; vitamin; blood test; blood sample; intensive care; anorak; bin
        liner; plastic bag; six-pack; beer can; coca-cola; coffee machine; coffee maker; paper cup; pressed send;
        hit send; sent a text; scrolled through; rebooted; news channel; remote-controlled; traffic warden;
        motorcade; petrol pump; jump leads; ignition key; accelerator pedal; brake pedal; clutch pedal; jet lag; air
        hostess; flight attendant; air traffic; runway; hangar; ejector seat; night-vision; stun gun; taser; pepper
        spray; tear gas; landmine; land mine; cruise missile; rocket launcher; u-boat
    """,
    TechLevel.NEAR_FUTURE: """
        neural implant; brain implant; cybernetic*; cyborg; android; hologram; holographic; exoskeleton;
        augmented reality; delivery drone; quantum computer; fusion reactor; smart glasses; nanobot;
        railgun; orbital elevator; space elevator; moon base; lunar base; mars colony
    """,
    TechLevel.FAR_FUTURE: """
        starship; spaceship; warp drive; hyperdrive; hyperspace; faster-than-light; ftl; laser pistol; laser
        rifle; blaster; phaser; ray gun; plasma rifle; plasma cannon; force field; tractor beam; teleporter;
        stargate; teleported; teleports; terraforming; dyson sphere; antimatter; cryosleep; replicator; wormhole
        drive; stasis pod
    """,
}

MAGIC_TERMS: Final = """
    magic; magical; magically; enchantress; magician; wizard; wizardry; witch; witchcraft; sorcerer; sorceress;
    sorcery; warlock; mage; archmage; necromancer; necromancy; spellbook; spellcaster; spellcasting; cast a
    spell; cast the spell; casts a spell; casting a spell; conjured a; enchantment; enchanted sword; enchanted
    ring; incantation; magic wand; with a spell; by a spell; a little magic; used magic; practised magic;
    studied magic; fireball; summoned a demon; levitated; levitation; telekinesis; telekinetic; rune magic;
    potion of invisibility; invisibility potion; cloak of invisibility; invisibility cloak; crystal ball; spoke
    a spell; speaks a spell; spoke the spell; said a spell; muttered a spell; chanted a spell; healing spell;
    love spell; cast a charm; casts a charm; worked a charm; cast a hex; put a hex; hexed; magicked; enchanter; scrying;
    scried; scrying bowl; arcane energy; mana; ley line; shapeshifter; shape-shifter; shapeshifted; philosopher's stone;
    muttered the charm; muttered a charm; spoke the charm; whispered the charm; invisibility spell; memory charm;
    summoning circle; spell of protection; flying carpet; flying broomstick; sorcerous; necromantic
"""

# Phrases of a free-text technology level, the most exact first. A matched phrase is removed before the next is tried,
# so that "pre-industrial" does not also count as "industrial".
LEVEL_PHRASES: Final[tuple[tuple[str, TechLevel], ...]] = (
    (
        r"pre-?industrial|pre-?modern|early modern|age of sail|post-?medieval|(?:golden )?age of piracy|pirate age",
        TechLevel.RENAISSANCE,
    ),
    (r"pre-?gunpowder|before gunpowder|no gunpowder", TechLevel.MEDIEVAL),
    (
        r"pre-?historic|stone[- ]age|neolithic|pal(a)?eolithic|mesolithic|primitive|ice[- ]age"
        r"|hunter-?gatherers?",
        TechLevel.STONE_AGE,
    ),
    (r"near[- ]future|cyber ?punk|2[01][3-9]0s|20[3-9]\d|21\d\d|late 21st century", TechLevel.NEAR_FUTURE),
    (
        r"far[- ]future|space[- ]?faring|inter-?stellar|inter-?galactic|galactic|star ?faring|space age|"
        r"space opera|post-?singularity|futuristic|2[2-9]\d\d|3\d\d\d|2[2-9](nd|rd|th) century|ftl",
        TechLevel.FAR_FUTURE,
    ),
    (
        r"steam ?punk|victorian|industrial|gas-?(?:lamp|light)|(?:19th|nineteenth)[- ]century|18\d\ds?|steam[- ]age"
        r"|diesel ?punk|wild west|old west|gilded age|belle [eé]poque|dickensian|antebellum|american civil war"
        r"|(?:california|klondike) gold rush"
        r"|tsarist|czarist|meiji|qing|ottoman",
        TechLevel.INDUSTRIAL,
    ),
    (
        r"renaissance|(?:16|17|18)th[- ]century|(?:six|seven|eigh)teenth[- ]century|gunpowder age"
        r"|age of exploration|1[5-7]\d\ds?|tudor|elizabethan|jacobean|baroque|georgian|regency|napoleonic"
        r"|(?:french|american) revolution|revolutionary war|colonial america|age of enlightenment|mughal|ming"
        r"|edo(?: period| japan|-period)|sengoku|tokugawa|samurai (?:japan|era|age|period)|age of (?:the )?samurai"
        r"",
        TechLevel.RENAISSANCE,
    ),
    (
        r"modern|contemporary|present[- ]day|current day|today|(?:20|21)(?:th|st)[- ]century|twentieth[- ]century"
        r"|edwardian|inter-?war|jazz age|(?:first|second) world war|world war (?:i|ii|1|2|one|two)|ww(?:i|ii|1|2)"
        r"|cold war|19\d\ds?|(?:roaring|nineteen|swinging)[- ](?:twenties|thirties|forties|fifties|sixties|seventies"
        r"|eighties|nineties)|prohibition(?:[- ]era)?|great depression|weimar|soviet(?: era| union| russia|-era)"
        r"|post-?war (?:britain|england|london|vienna|berlin|germany|japan|paris|france|america|europe|italy)|"
        r"20[0-2]\ds?|information age|digital age",
        TechLevel.MODERN,
    ),
    (
        r"medi(a)?eval|middle ages|feudal|dark ages?|viking|crusad\w+|(?:[6-9]|1[0-5])th[- ]century|1[0-4]\d\ds?"
        r"|(?:six|seven|eigh|nin|ten|eleven|twelf|thirteen|fourteen|fifteen)th[- ]century|anglo-?saxon"
        r"|norman (?:england|conquest|britain)|arthurian|byzantine|heian|kamakura|tang dynasty|song dynasty|aztecs?"
        r"|incas?|mayans?|sword[- ]and[- ]sorcery",
        TechLevel.MEDIEVAL,
    ),
    (
        r"ancient(?! (?:[\w-]+ )?(?:curse|evil|secret|magic|prophec|ruin|god|horror|myster|tomb|art[ei]fact|order"
        r"|forest|relic"
        r"|power|feud|grudge|alien|machine|tech|book|legend|language|family|house|bloodline|vampire|dragon)\w*)"
        r"|antiquity"
        r"|bronze[- ]age|iron[- ]age|classical(?! (?:music|ballet|mystery|whodunit|detective|horror|fantasy|romance"
        r"|dance))"
        r"|roman(?! (?:[aà] clef|catholic|numeral))|hellenistic|biblical|sumerian?|mesopotamian?|babylonian?|assyrian?"
        r"|pharaonic|carthage|swords?[- ]and[- ]sandals?|ad \d{1,3}|\d{1,4} bce?|(?:1st|2nd|3rd|4th|5th)[- ]century"
        r"|(?:first|second|third|fourth|fifth)[- ]century (?:ad|bc|ce|bce|rome|china|egypt)",
        TechLevel.ANCIENT,
    ),
)

# Things that a description of an age names besides, and that are no older than this: "late medieval; gunpowder is new".
THINGS_OF_LEVEL: Final[tuple[tuple[str, TechLevel], ...]] = (
    (r"gunpowder|guns?|muskets?|flintlocks?|cannons?|printing press(?:es)?", TechLevel.RENAISSANCE),
    (r"steam|railways?|railroads?|telegraphs?|electricity|trains?", TechLevel.INDUSTRIAL),
    (r"cars|automobiles?|telephones?|computers?|radios?|television|planes|aircraft", TechLevel.MODERN),
    (
        r"space|starships?|spaceships?|lasers?|robots?|androids?|ai|science fiction|sci-?fi|planets?|mars|lost colony"
        r"|aliens?|cyborgs?|nanotech\w*",
        TechLevel.FAR_FUTURE,
    ),
)

# Patterns of modern things by the year in which they became common: an age is too coarse for them.
MADE_IN: Final[tuple[tuple[int, str], ...]] = (
    (1895, r"x-rays?|motion pictures?|moving pictures?|movie theat(?:er|re)s?"),
    (
        1900,
        r"zip fasteners?|zippers?|(?:(?<=the )|(?<=his )|(?<=her )|(?<=\ba ))zip(?= (?:of|on)\b|[.,])"
        r"|vacuum cleaners?|automobiles?"
        r"|motor ?cars?|escalators?|neon",
    ),
    (1905, r"aeroplanes?|airplanes?|aircraft|airports?|washing machines?|tanks? column|traffic lights?"),
    (
        1922,
        r"radio (?:stations?|broadcasts?|sets?)|wireless sets?|refrigerators?|fridges?|machine translation",
    ),
    (
        1936,
        r"televisions?|tv|helicopters?|radar|nylon|parking meters?|tape recorders?|penicillin|antibiotics?",
    ),
    (
        1946,
        r"ballpoint(?: pens?)?|atomic bombs?|nuclear (?:bombs?|power|reactors?)|computers?|microwave ovens?"
        r"|microwaves?",
    ),
    (
        1950,
        r"dishwashers?|credit cards?|photocopiers?|transistor radios?|supermarkets?|plastic bags?|felt[- ]tips?",
    ),
    (
        1958,
        r"satellites?|satellite dish(?:es)?|lasers?|jet airliners?|microchips?|integrated circuits?|velcro",
    ),
    (1964, r"cassettes?(?: (?:recorders?|players?))?|pocket calculators?|video ?tapes?|touch-tone"),
    (
        1978,
        r"personal computers?|laptops?(?: computers?)?|compact discs?|cds?|dvds?|video ?games?|walkmans?|vcrs?",
    ),
    (
        1985,
        r"mobile (?:tele)?phones?|cell ?phones?|cellular|e-?mails?|gps|sat ?navs?|satellite navigation|internet"
        r"|websites?|text(?:ed| messages?)",
    ),
    (
        2000,
        r"wi-?fi|search engines?|usb|flash drives?|blogs?|social media|digital cameras?"
        r"|(?<!the )(?<!and )drones?(?! of)"
        r"|quadcopters?",
    ),
    (
        2007,
        r"smart ?phones?|iphones?|tablet computers?|selfies?|touch ?screens?|podcasts?|streaming|hashtags?",
    ),
)
