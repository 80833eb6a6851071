"""Small things at hand, in a household, a trade or a journey."""

from __future__ import annotations

from typing import Final

from agents.engine.text.word_forms import word_set

AT_HAND: Final = word_set(
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
