"""Things by class, of which the patterns of acts and scenes are made."""

from __future__ import annotations

from typing import Final

from agents.engine.text.small_things import AT_HAND
from agents.engine.text.word_forms import any_of, one_of

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
    "spurs heels sword cane chair stool cup glass spoon pencil pen boots shoes torch lantern shadow horse umbrella "
    "stick"
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
SMALL_THINGS: Final = one_of(AT_HAND)
OF_GRAVES: Final = any_of(
    "plot stone grave corner earth headstone statue street bridge plaque name monument place peace rest world sea"
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
