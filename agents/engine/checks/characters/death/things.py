"""Things by class, of which the patterns of acts and scenes are made."""

from __future__ import annotations

from typing import Final

from agents.engine.text.word_forms import any_of

# Things at hand.
COMPANY: Final = any_of(
    "drink drinks lunch dinner supper breakfast tea coffee beer game quarrel row argument chat bite meal smoke walk"
)
FURNITURE: Final = any_of(
    """
    door window table chair bed stairs step stove lamp kettle piano desk key cup glass bottle curtain curtains bench
    counter gate sink oven signal reins candle phone telephone cigarette match
    """
)
BODY: Final = any_of(
    """
    hand hands finger fingers thumb fist fists arm arms elbow knee knees feet foot head chin jaw brow brows eyebrow
    eyebrows lip lips mouth face eyes gaze smile grin cheek cheeks shoulder shoulders voice laugh laughter cough
    breath step steps footsteps boots heels
    """
)
WORN_ON: Final = any_of(
    "boots shoes face hair shoulder shoulders coat cloak knee knees sleeve sleeves arm arms lap hat belt cheek cheeks"
    " chin lips mouth"
)
BELONGINGS: Final = any_of(
    "chair stool cup glass spoon pencil pen boots shoes torch lantern shadow horse umbrella stick"
)
ROOMS: Final = any_of(
    """
    saddle bath bar car boat yard stable stables office darkroom shop tower stairs porch roof armchair queue crowd
    saloon mess lab cockpit canteen pantry cellar attic shed barn loft laundry library galley hangar corridor
    airlock
    """,
    "front row|engine room",
)
STATIONS: Final = any_of(
    """
    counter table desk bar door wheel stove fire window gate hearth bed piano till hedge stall well
    """
)
FOOD: Final = any_of(
    """
    whisky whiskey beer ale wine gin rum brandy coffee tea water milk soup steak eggs fish chop chops sandwich
    sandwiches pie cake pint drink drinks breakfast lunch dinner supper cocktail martini lemonade round cocoa toast
    porridge bacon bread bun buns biscuit biscuits stew salad
    """
)
# Small things of a household, a trade or a journey, which no summary of a life stops at: "carried the shopping in".
SMALL_THINGS: Final = any_of(
    """
    shopping parcel parcels tray sack bag bags suitcase umbrella teapot saucer jug mug pan pans pot pots skillet ladle
    bucket pail broom mop brush comb needle thread scissors spoon fork knife plug switch tap taps fuse bulb bolt
    bolts latch lid drawer cupboard shelf pillow blanket blankets sheets mattress washing-up dishes ironing toast
    bacon porridge post shoe shoes sock socks stockings scarf apron pocket purse wallet coin coins change ticket
    stamp envelope pencil newspaper spectacles spanner wrench hammer screw screws nail nails shovel spade rake hose
    wheelbarrow brake tyre puncture horse mule mare pony saddle bridle stirrup stirrups girth halter cart trough
    whip spur spurs holster trigger bandage pill syringe monitor console dial lever levers button buttons screen
    helmet visor hatch seal log porch landing counter nose thumb tooth ear sweat dust mud crumbs splinter cabbie
    cabby cab lift escalator anchor tiller salt pepper mustard butter marmalade cheque chequebook satchel blackboard
    clipboard menu parcel crossword bus taxi tram kerb pavement puddle queue tickets luggage platform lawn hedge
    weeds peg pegs bin dustbin rubbish ashtray matchbox lighter cigar corkscrew napkin tablecloth towel soap
    toothbrush razor bathroom sandwich slice crust crumb biscuit biscuits cake bun buns pie egg eggs onion onions
    carrot carrots potatoes peas apple cheese ham sausage sausages jam honey sugar cream saucepan oven toaster
    fridge larder sideboard stool cushion poker tongs logs doormat doorbell knocker keyhole hinge banister bulbs
    torch battery wire hem zip collar cuff mitten shawl slipper slippers heel hairpin earring brooch handbag
    handkerchief lipstick notebook pen ink ruler postcard string glue clip folder clutch pedal horn bonnet bumper
    petrol bicycle bike handlebars hay strap panel screwdriver keypad airlock bunk deckchair sunshade kennel leash
    collar biscuit bone tent rucksack kitbag canteen ration compass lantern snack flowerpot curtain blind doorstep
    threshold windowsill raincoat mackintosh overcoat headline wallpaper dishcloth hot-water mousetrap puzzle jigsaw
    """
)
THINGS_OF_A_SCENE: Final = any_of(
    """
    door doors window windows lamp lamps fire table tables bed beds chair chairs bench candle candles cup cups glass
    bottle bottles gate gates counter counters desk desks rail rails stairs kettle bread soup wine key keys letter
    letters ladder lantern match stove oar oars reins bowl bowls plate plates curtain curtains blind blinds basket
    bucket rope boat cigarette cigarettes pipe dice cards coffee tea telephone phone receiver pub room audience
    crowd clock lights light spotlight music engine
    """
)
PARTS_AND_CLOTHES: Final = any_of(
    """
    eyes face hand hands hair mouth lips finger fingers shoulder shoulders head arm arms leg legs feet foot knee
    knees chin cheek cheeks brow forehead teeth throat glove gloves coat hat cap boot boots sleeve sleeves pocket
    pockets glass cup plate pipe chair
    """
)
