"""Words by class, of which the patterns of acts and scenes are made."""

from __future__ import annotations

from typing import Final

from agents.engine.text.small_acts import OF_BODIES, OF_PEOPLE
from agents.engine.text.vocabulary import LIVING
from agents.engine.text.word_forms import any_of, past_tense, third_person, word_list, word_set

# What the dead have done, and can still be said of them.
_REMAINS: Final = any_of(
    """
    knew courted wooed robbed plundered betrothed died drowned perished lived loved wanted believed owned ruled
    reigned founded designed created taught built wrote made still fell invented planted painted composed discovered
    named belonged remained seemed used married hated served earned promised preferred liked needed required
    deserved feared opposed established bequeathed disappeared vanished buried killed murdered executed hanged
    remembered missed mourned commanded signed translated collected starved succumbed passed expired survived caused
    supposed inspired restored ordered decreed expected intended warned endowed invested trained hundred sacred
    wicked naked ragged rugged appeared
    """
)
_REMAINS_IN_PHRASES: Final = (
    "gave it|looked like|stood for|took (?:his|her) (?:secrets?|own life)"
    "|left (?:him|her|them|us|me|it|[\ue000-\uf8ff]) (?!(?:standing|sitting|there|at|in|with|alone|and|behind|to"
    "|by|on)\\b)[a-z]+"
    r"|lay where (?:they|he|she|we|\w+) had|called(?! (?:for|up|down|out|across|over|through|back|after|to|from)\b)"
)
_IRREGULAR: Final = any_of(
    """
    told bought found held met made drew shot rang swam flew threw drove got set sold let led fed fled hid hung kept
    lost read slid spread struck swung tore wore won beat began bit blew dug fell felt heard left lent paid saw shut
    sent spent stole stuck swept trod leapt leant burnt spilt smelt slung thrust undid overheard slit overslept sped
    thought understood wept woke laid dealt bound clung crept flung froze ground sank sprang stung strode wound
    wrung cut put hit split bent spun shone stank sought taught swore lay bade strewed
    """
)
ACTIVE: Final = (
    rf"(?i:(?!(?:{_REMAINS}|{_REMAINS_IN_PHRASES})\b)"
    rf"(?:[a-z]{{2,}}ed|{LIVING}|{_IRREGULAR}|did(?= (?:the|his|her)\b)))"
)
# Before the verb of a name.
AFTER_NAME: Final = (
    r"(?:(?:himself|herself|then|just|only|suddenly|already|merely|finally|still|also|even|at last"
    r"|at once|\w+ly),?\s+)?"
)
# After a verb that is no passive: these have none.
NO_PASSIVE: Final = (
    (
        "(?:"
        + "|".join(rf"(?<={verb})" for verb in word_list("sat stood lay came went knelt waited walked slept"))
    )
    + r"|(?! by\b(?! (?:the|his|her) (?:\w+ )?(?:fire|stove|window|door|gate|road|wall|hearth|well|bed|table)\b)))"
)

# Small acts that a scene shows, and no summary of a life tells.
_OF_LIVES: Final = word_set("fetch hurry whisper shout grab drop light")
GESTURES: Final = any_of(
    " ".join(past_tense(act) for act in (*OF_PEOPLE, *OF_BODIES) if act not in _OF_LIVES),
    "answered|finished|rested|picked up|took off|put on|paid off|drifted off|nodded off|bit into|blew on",
    "cleared (?:his|her) throat|(?:reached|felt|groped|fumbled) for|crossed (?:his|her) (?:arms|legs)",
    "(?:put|set|laid) (?:down|aside)(?! (?:the|a) (?:rebellion|revolt|rising|mutiny|riot))",
    r"(?:\w+ed|put|shut|took|threw|pushed|set) (?:it|them) (?:back|away|down|up|aside|over|off|shut|open)",
)
GESTURES_NOW: Final = any_of(" ".join(map(third_person, (*OF_PEOPLE, *OF_BODIES))), "wakes")

# How somebody comes, stays, or is there with others.
MOVED: Final = any_of(
    """
    waited knelt came strode walked climbed crept crawled scrambled hurried limped hobbled marched stumbled trotted
    rode ran burst stepped leaped leapt jumped bounded strolled stalked swept staggered tumbled slouched sauntered
    swam padded shuffled tiptoed emerged entered followed went
    """
)
TOGETHER: Final = any_of(
    """
    sat sits sitting rode riding rides stood standing stands walked walks walking danced dancing dances waited
    waiting knelt kneeling drove driving dined supped dining ate eating talked talking chatting arguing laughing
    whispering seated
    """
)
SAID: Final = any_of(
    """
    said asked called answered replied whispered shouted cried murmured muttered laughed added snapped growled
    sighed agreed ordered commanded warned promised repeated began
    """,
    "said softly|went on",
)
SAYS: Final = any_of(
    """
    says asks answers replies whispers murmurs mutters shouts calls cries snaps sighs laughs adds begins repeats
    """
)
# What somebody does to others or to things at hand, told in the present tense.
DOES_TO: Final = any_of(
    """
    stands sits stops walks comes opens offers takes puts looks turns smiles nods says asks pours hands gives laughs
    shakes lifts leans pushes pulls kneels waits steps picks points runs follows meets catches kisses touches shows
    brings carries throws joins grabs slaps hugs leads drives pays feeds interrupts waves calls tells answers
    replies stares glares
    """
)
# What is done to others at hand, and to the living only.
GIVES: Final = any_of(
    "hands gives passes offers throws brings pours shows tells asks kisses follows joins helps meets"
)
GAVE: Final = any_of("poured brought passed offered threw tossed fetched showed lent sold")
TURNED_TO: Final = any_of(
    """handed gave""",
    "spoke to|talked to|turned to|smiled at|nodded to|waved to|walked beside|sat beside|danced with|whispered to"
    "|shouted at",
)
TEASED: Final = any_of(
    "nudged elbowed tapped poked pinched tickled shushed interrupted beckoned",
    "winked at|grinned at|glared at|frowned at|nodded at|scowled at",
)
STRUCK: Final = any_of("hit struck slapped punched kicked cuffed pushed shoved")
PULLED: Final = any_of("pulled helped hauled pushed boosted lifted hoisted")
STARTLED: Final = any_of(
    """
    missed struck hit woke startled surprised amused annoyed frightened splashed grazed stung bit blinded caught
    soaked bored tickled puzzled
    """
)
SERVED_BY: Final = any_of(
    """
    greeted welcomed woken wakened awakened handed stopped kissed hugged shown shaken interrupted scolded waved
    beckoned ushered nudged tapped unlocked knocked
    """
)
# What is done to the dead, or was.
OF_MEMORY: Final = any_of(
    """
    remembered missed mourned buried killed murdered executed hanged shot loved hated liked admired married named
    called painted mentioned avenged quoted envied outlived survived succeeded followed replaced resembled recalled
    believed trusted betrayed served honoured honored praised cursed blamed played imitated cited invoked pictured
    imagined photographed filmed adored worshipped feared respected needed wanted wished owed learned considered
    accused forgot raised carried bore covered wrapped washed lowered examined identified pronounced laid dressed
    lifted wheeled found filed dusted framed scattered cremated embalmed interred fathered despised toasted poisoned
    stabbed drowned condemned denied discussed copied stayed looked arrived answered said used turned lived died had
    red described defended inherited laid claimed
    """
)
# What is denied of a life as well, or of a death.
NOT_DONE: Final = any_of(
    """
    know live die believe want like need have leave mean write come survive finish trust love hate believe think
    understand care exist fear deserve use allow build make teach marry get look turn stir blink hurry sit raise wait
    notice seem do go be see say own drink smoke eat hold keep approve expect lie suffer speak
    """,
    r"return(?! (?:it|the|his|her)\b)",
)
# Participles of what the living have just done.
TAKEN: Final = any_of(
    """
    taken come gone brought sent arrived returned left asked told given opened found promised agreed locked started
    begun finished ordered changed got moved lost forgotten eaten drunk cut sold bought burned burnt broken stolen
    hidden
    """,
    "fallen asleep",
)
# What somebody is seen or heard to do, in the infinitive.
SEEN_TO: Final = any_of(
    """
    laugh cough sing come shout call move smile turn enter open close stand sit run walk climb wave sigh snore nod
    eat drink write work pour leave fold undress dress
    """
)
DYING: Final = any_of("die fall hang drown burn bleed suffer")
FUNCTION: Final = any_of(
    """
    in on at by for from with to of as and or but when while who that which where if so too then there here once
    again every each all alone among before after behind beside near over under up through alive asleep awake the an
    his her their at it
    """
)
# Gerunds and other words in "ing" that say nothing of an act.
NO_ACT: Final = any_of("being missing lying nothing something during evening morning resting")
INFLUENCED: Final = any_of(
    "inspired influenced haunted remained died passed vanished disappeared earned touched shaped changed bequeathed"
    " perished drowned",
    "watched over",
)
# What the dead do as well, as people say.
NO_TELLING: Final = any_of(
    """
    being missing lying nothing something during resting waiting sleeping watching looking smiling turning calling
    haunting laughing listening spinning going rotting reading singing
    """
)
# "Has shot a hare": a participle with an object, which is nothing of the world at large.
HAS_DONE: Final = (
    rf"(?:just |already |only )?(?!(?:{INFLUENCED}|gone|left|been|had|become|given|kept|broken|taught|won"
    rf"|outlived|survived"
    r"|made|got)\b)[a-z]{3,}(?: over)? (?:me|you|my|your|our|the|an?|his|her|some|another|two)\b"
    r"(?! (?:\w+ )?(?:whole|world|nation|generations?|way|hole|gap|place|lot|market|half|archive|history|heart|hearts))"
)
# Where somebody is, and none of the dead or of their names and pictures.
_NO_PLACES: Final = any_of(
    """
    ground earth grave graves churchyard cemetery crypt vault vaults sea river water morgue mortuary tomb coffin
    heaven photograph photographs picture pictures portrait film films book books paper papers newspapers archive
    archives file files record records wall walls mantelpiece sideboard drawer box boxes frame memory mind minds
    heart hearts air name names story stories song songs history past question list lists cover page pages letters
    letter register ledger museum museums gallery catalogue stage east north south west world end verge point height
    time habit way right wrong minority line family jukebox radio wireless television screen poster label shelf
    credits programme poem play front cards stone stones wind road hills wood war army navy service hands arms
    dark
    """
)
PLACED: Final = (
    r"(?:still |already |just |back |now )?(?:(?:out|up|down|over|off) (?:front|back|there)\b"
    r"|(?:(?:out|up|down|over|off|away) )?(?:in|on|at|by|behind|under|outside|inside|beside|up|down|across) "
    rf"(?!(?:the|his|her|an?) (?:\w+ ){{0,2}}(?:{_NO_PLACES})\b)(?:(?:the|his|her|an?) [a-z]+"
    rf"|[A-Z\ue000-\uf8ff]\w*)\b(?! of\b))"
)
LIES: Final = any_of(
    """
    lying missing hanging floating bleeding nothing something morning evening during being according facing wearing
    """
)
WORKS: Final = any_of("sings plays works dances drinks eats sleeps teaches keeps")
WALKS: Final = any_of(
    "walks strolls hurries limps storms steps rides climbs rushes slips runs strides stumbles marches"
)
PAST_PLACES: Final = any_of(
    "past in out up over away off by round around along back home ahead upstairs downstairs outside inside forward"
    " through"
)

MOVES: Final = any_of(
    """
    shook trembled rose moved closed shut tightened rang answered called met opened narrowed widened found said
    asked twitched hardened softened went dropped fell flew rested slid reached touched gripped caught sounded
    stopped crossed cracked quivered flushed reddened paled darkened brightened vanished drummed tapped curled
    creaked clicked emerged popped
    """,
    r"appeared(?! (?:on|in)\b)",
    "came(?! (?:back|from|to (?:him|her|them))\\b)",
)
STIRRED: Final = any_of(
    "scraped creaked clinked clattered rattled moved hovered flared paused squeaked tapped stopped came went rang "
    "scratched crunched"
)
KINSMEN: Final = any_of(
    """
    husband wife father mother brother sister son daughter uncle aunt cousin nephew niece grandfather grandmother
    friend captain master boss partner neighbour lover fiancé fiancée
    """
)
# Acts of a moment.
OF_A_MOMENT: Final = any_of(
    """
    laughed stopped noticed bought dropped hurried grunted slipped tripped spilled spilt jumped cursed swore burned
    burnt mended fetched borrowed finished cleaned wound rang telephoned phoned cooked fried boiled baked washed
    dried packed counted emptied filled loaded checked adjusted tailed cancelled tuned yawned
    """,
    "missed (?:the|his|her)|lost (?:his|her) (?:balance|temper|hat|place|footing)|won the (?:toss|game|hand|round)"
    "|signed the (?:log|book|form|receipt)|fell (?:off|over|asleep|silent|back)|got (?:up|out|in|off|down|dressed)",
)
# How somebody is for a while, as no summary of a life says.
PASSING_STATES: Final = any_of(
    """
    tired hungry thirsty late angry furious pleased glad sorry bored drunk sober asleep awake busy wet soaked
    drenched dizzy sleepy cross annoyed amused impatient puzzled surprised relieved nervous frightened scared
    shocked restless breathless speechless barefoot delighted astonished worried upset embarrassed ravenous flushed
    muddy dripping shivering unhurt
    """,
    "out of breath|in no hurry|in a (?:hurry|temper|good mood|bad mood)|on (?:his|her) feet",
)
# Somebody whom a scene does not name.
SOMEBODY: Final = any_of(
    """
    waiter waitress guard guards soldiers nurses men women officers neighbours children boy boys girl girls
    twins driver conductor porter clerk maid man woman stranger barman barmaid landlady landlord neighbour dog
    cat horse shopkeeper postman cabbie ferryman sailor baby child butler groom
    """
)
# What is done to somebody at hand, in irregular verbs.
DEALT_WITH: Final = any_of("paid rang drove woke fed shook dragged bit overtook swept ")
# What the dead have done as well, and the living do at this moment.
REMAINING: Final = any_of(
    """
    loved wanted believed taught wrote made planted painted used liked needed appeared seemed promised called left
    signed ordered hated preferred missed brought chose forgave forgot
    """
)
# Acts that leave a thing behind, of which a life tells.
MADE: Final = any_of(
    "made built wrote painted planted drew carved wove knitted sewed cast forged sculpted embroidered composed designed"
    " collected bought sold gave left kept"
)
# Words in "s" after a name that are no act of the living: of pictures, works and graves, and no verbs.
STILL_DOES: Final = any_of(
    """
    is was does lies rests remains seems appears features belongs means deserves haunts stares gazes looks smiles
    watches speaks lives stands sits figures as always perhaps thus towards besides afterwards sometimes says tells
    teaches reminds inspires influences survives dies falls sleeps owes this its his us plays sings reads
    begins ends ours yours hers hangs fills covers occupies dominates presides reigns rules governs binds grows
    fades burns feeds outsells costs matters commands adorns represents embodies symbolises symbolizes defies eludes
    escapes pursues troubles torments comforts guides protects guards yields
    """,
    r"has(?! the\b)|comes(?! (?:home|in|out|downstairs|upstairs|running)\b)|goes(?! (?:home|in|out|upstairs|to bed)\b)",
)
# Any other verb in the present tense: what an act is need not be known.
DOES_NOW: Final = rf"(?!(?:{STILL_DOES})\b)[a-z]{{2,}}(?<!s)s(?!'| (?:no|nothing|nobody|little|few)\b)"
# What somebody does who is at hand: "it was Mira who opened the door".
AT_HAND: Final = any_of(
    """
    opened laughed shut struck lit handed passed rose turned pointed picked reached stepped smiled sat delivered
    drew found stood woke caught
    """,
    "let (?:him|her|them) in|met (?:him|her|them)|spoke first|stood up|broke the silence|came out|got up",
)
