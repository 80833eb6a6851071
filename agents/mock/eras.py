"""What people of each age have in their hands. Every noun is safe in its own age and takes an article."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agents.engine.terms import TechLevel

Palette = Mapping[str, tuple[str, ...]]

_STONE: Final[Palette] = {
    "light": ("fire", "torch of pine bark", "tallow bowl", "ring of embers"),
    "paper": ("knotted cord", "painted hide", "row of notches", "carved antler"),
    "ride": ("reed boat", "sledge", "hollowed log", "travois"),
    "bell": ("bone flute", "hide drum", "ram's horn", "clap of stones"),
    "tool": ("flint knife", "fishing spear", "stone adze", "bone needle"),
    "cloth": ("hide cloak", "woven grass cape", "fur hood", "rawhide belt"),
    "drink": ("birch tea", "bitter broth", "meltwater", "berry mash"),
    "street": ("path between the huts", "ford", "ridge trail", "drying ground"),
    "room": ("long hut", "cave mouth", "smoke lodge", "shelter under the rock"),
    "trade": ("flint knapper", "hide scraper", "net maker", "fire keeper"),
}
_ANCIENT: Final[Palette] = {
    "light": ("oil lamp", "brazier", "row of torches", "hearth"),
    "paper": ("clay tablet", "sealed papyrus", "wax board", "scratched potsherd"),
    "ride": ("ox cart", "grain barge", "mule train", "fishing boat"),
    "bell": ("bronze gong", "watchman's rattle", "conch", "temple drum"),
    "tool": ("bronze chisel", "loom weight", "reed pen", "short knife"),
    "cloth": ("wool mantle", "linen veil", "dyed sash", "salt-stiff cloak"),
    "drink": ("watered wine", "barley beer", "mint water", "goat's milk"),
    "street": ("colonnade", "street of the potters", "harbour stair", "market of the salt sellers"),
    "room": ("archive", "courtyard", "granary", "room behind the shrine"),
    "trade": ("potter", "scribe", "oil seller", "ferryman"),
}
_MEDIEVAL: Final[Palette] = {
    "light": ("lantern", "tallow candle", "rushlight", "watch fire"),
    "paper": ("folded parchment", "sealed letter", "tally stick", "page cut from a ledger"),
    "ride": ("hay cart", "river barge", "grey mare", "carter's wagon"),
    "bell": ("curfew bell", "watchman's horn", "chapel bell", "gate drum"),
    "tool": ("whetstone", "iron key", "awl", "ring of wax seals"),
    "cloth": ("travelling cloak", "patched hood", "leather apron", "wool shawl"),
    "drink": ("small beer", "hot cider", "mulled wine", "thin soup"),
    "street": ("tanners' row", "bridge", "lane below the wall", "market square"),
    "room": ("taproom", "tithe barn", "gatehouse", "back room of the cooper's shop"),
    "trade": ("cooper", "miller", "gate warden", "chandler"),
}
_RENAISSANCE: Final[Palette] = {
    "light": ("wax candle", "ship's lantern", "chandelier", "wall sconce"),
    "paper": ("folded letter", "sea chart", "broadsheet", "notary's deed"),
    "ride": ("hired carriage", "narrow gondola", "post horse", "merchant brig"),
    "bell": ("harbour bell", "tower clock", "drummer at the gate", "call of the night watch"),
    "tool": ("brass compass", "quill knife", "engraver's burin", "pair of dividers"),
    "cloth": ("velvet doublet", "lace collar", "oiled cape", "half mask"),
    "drink": ("spiced wine", "bitter chocolate", "brandy", "lemon water"),
    "street": ("arcade", "quay of the glass makers", "printers' lane", "stair of the customs house"),
    "room": ("counting room", "workshop", "gallery", "map room"),
    "trade": ("engraver", "notary", "spice factor", "glass blower"),
}
_INDUSTRIAL: Final[Palette] = {
    "light": ("street lamp", "oil lamp", "signal lantern", "furnace glow"),
    "paper": ("folded telegram", "night ledger", "timetable", "pawn ticket"),
    "ride": ("goods train", "hansom cab", "coal barge", "omnibus"),
    "bell": ("shift whistle", "station bell", "foundry hammer", "foghorn"),
    "tool": ("brass gauge", "pocket watch", "rivet hammer", "set of lockpicks"),
    "cloth": ("greatcoat", "soot-grey scarf", "flat cap", "silk muffler"),
    "drink": ("strong tea", "gin", "black coffee", "beef tea"),
    "street": ("platform", "canal towpath", "row of boiler shops", "viaduct"),
    "room": ("signal box", "waiting room", "engine house", "reading room"),
    "trade": ("signalman", "typesetter", "boilermaker", "pawnbroker"),
}
_MODERN: Final[Palette] = {
    "light": ("street light", "desk lamp", "row of shop signs", "beam of a parked car"),
    "paper": ("printed email", "parking receipt", "yellow notepad", "envelope without a stamp"),
    "ride": ("night bus", "delivery van", "last train", "borrowed bicycle"),
    "bell": ("car alarm", "lift bell", "station announcement", "siren two streets away"),
    "tool": ("ring of keys", "phone", "pocket torch", "ballpoint pen"),
    "cloth": ("raincoat", "work jacket", "wool hat", "borrowed suit"),
    "drink": ("vending machine coffee", "cold tea", "tap water", "cheap whisky"),
    "street": ("underpass", "loading dock", "bus stop", "stairwell"),
    "room": ("all-night diner", "records office", "laundrette", "rented office"),
    "trade": ("night clerk", "bus driver", "locksmith", "records clerk"),
}
_NEAR_FUTURE: Final[Palette] = {
    "light": ("status light", "advert screen", "drone beam", "blue glow of the display"),
    "paper": ("printed receipt", "encrypted note", "cracked tablet", "data chip"),
    "ride": ("driverless cab", "maglev", "cargo drone", "water taxi"),
    "bell": ("air quality alarm", "door chime", "curfew tone", "ferry horn"),
    "tool": ("multitool", "cutting lamp", "card reader", "sensor wand"),
    "cloth": ("filter mask", "thermal jacket", "courier vest", "silver rain cape"),
    "drink": ("synthetic coffee", "vitamin water", "noodle broth", "rice wine"),
    "street": ("sky bridge", "flooded arcade", "charging bay", "roof market"),
    "room": ("server hall", "capsule hotel", "repair stall", "control room"),
    "trade": ("drone mechanic", "water broker", "data clerk", "courier"),
}
_FAR_FUTURE: Final[Palette] = {
    "light": ("guide strip", "running light", "reactor glow", "planet light in the viewport"),
    "paper": ("sealed transmission", "ship's log", "memory slate", "docking manifest"),
    "ride": ("shuttle", "ore hauler", "long-range tender", "cargo sled"),
    "bell": ("pressure alarm", "docking chime", "hull bell", "proximity tone"),
    "tool": ("vacuum wrench", "scanner", "weld pen", "emergency beacon"),
    "cloth": ("flight suit", "pressure hood", "tool harness", "grey station coverall"),
    "drink": ("recycled water", "algae tea", "ration broth", "bitter synth coffee"),
    "street": ("ring corridor", "cargo spine", "docking arm", "hydroponics gallery"),
    "room": ("observation deck", "airlock antechamber", "machine shop", "crew mess"),
    "trade": ("dockmaster", "hull rigger", "navigator's clerk", "hydroponics keeper"),
}
# For a world that does not say when it is: things that belong to every age with doors and ink.
_TIMELESS: Final[Palette] = {
    "light": ("lamp", "candle", "fire", "light in the window"),
    "paper": ("letter", "ledger", "folded note", "old map"),
    "ride": ("cart", "ferry", "boat", "horse"),
    "bell": ("bell", "drum", "horn", "clatter of shutters"),
    "tool": ("knife", "key", "needle", "hammer"),
    "cloth": ("cloak", "hood", "apron", "shawl"),
    "drink": ("tea", "wine", "broth", "water"),
    "street": ("bridge", "lane", "market", "stair to the river"),
    "room": ("kitchen", "back room", "store room", "room over the gate"),
    "trade": ("baker", "ferryman", "locksmith", "weaver"),
}

_BY_LEVEL: Final[Mapping[TechLevel, Palette]] = {
    TechLevel.STONE_AGE: _STONE,
    TechLevel.ANCIENT: _ANCIENT,
    TechLevel.MEDIEVAL: _MEDIEVAL,
    TechLevel.RENAISSANCE: _RENAISSANCE,
    TechLevel.INDUSTRIAL: _INDUSTRIAL,
    TechLevel.MODERN: _MODERN,
    TechLevel.NEAR_FUTURE: _NEAR_FUTURE,
    TechLevel.FAR_FUTURE: _FAR_FUTURE,
}


def palette_of(level: TechLevel | None) -> Palette:
    return _TIMELESS if level is None else _BY_LEVEL[level]
