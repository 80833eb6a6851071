"""Magic that a text shows without naming it: candles light themselves, fire leaps from somebody's fingers."""

from __future__ import annotations

import re
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import word_set

_THINGS: Final = (
    r"(?:bench|table|stones?|chairs?|jug|cups?|bowls?|plates?|books?|boulders?|swords?|kni(?:fe|ves)|stools?|barrels?"
    r"|brooms?|beds?|rocks?|candles?|coins?|spoons?|kettle|trunk|chest|feather|pen|quill)"
)
_CAUSE: Final = (
    r"(?:(?:at|with) (?:a|one|three|two) (?:words?|gestures?|touch|wave|flick|snap|nod)\b[^.;,]{0,40}"
    r"|\b(?:spoke|speaks|muttered|mutters|murmured|whispered|whispers|said|chanted|chants|sang) (?:[\w']+ ){0,3}?"
    r"(?:words?|charms?|runes?|spells?|syllables?|names?|stones?|bones?)\b[^.;,]{0,30}"
    r"|\b(?:raised|raises|waved|waves|laid|lays|lifted|lifts|flicked|snapped|spread|passed) (?:a|his|her|their"
    r"|one) (?:\w+ )?"
    r"(?:hands?|wand|staff|fingers?|wrist|palm|arm)\b[^.;,]{0,30})"
)
# What no servant does at a wave of the hand.
_EFFECT: Final = (
    rf"(?:{_THINGS} (?:\w+ )?(?:floated|flew|rose|lifted|sailed|drifted|hovered) (?:up|into|across|over|through|off"
    r"|towards?|to|out)"
    r"|(?:candles?|lamps?|fire|torch(?:es)?|lanterns?|flames?) (?:\w+ )?(?:lit|kindled|went out|died|rose|leapt|turned"
    r" \w+|burst|flared)|(?:wounds?|cut|gash|burns?|bones?|skin|flesh) (?:\w+ )?(?:closed|healed|knit\w*|mended)"
    r"|burst into flames?|turned (?:to (?:stone|ice|gold|ash|dust)|into an? \w+)|froze solid|fell asleep"
    r"|a (?:flame|light|globe of \w+) (?:stood|appeared|bloomed|kindled|sprang|danced|hovered)"
    r"|locks? (?:\w+ )?(?:fell open|sprang open|clicked open|opened)|by (?:itself|themselves))"
)
_ANIMALS: Final = (
    "toad|frog|newt|mouse|rat|pig|swan|raven|crow|stag|wolf|cat|hare|goose|snake|spider|statue|swine"
)
SHOWN_MAGIC: Final = lazy_pattern(
    r"\b(?:by (?:magic|sorcery|witchcraft|enchantment)|(?:with|at) a (?:gesture|word|wave of (?:her|his) hand)"
    r"[^.]{0,40}\b(?:rose into the air|lifted [^.]{1,30} into the air|levitated|burst into flame|vanished|lit "
    r"(?:itself|themselves))"
    r"|the (?:spell|enchantment|incantation|curse|rune) (?:on|had|was|worked|lit|broke|held)"
    rf"|{_CAUSE},? (?:and |so that |until )?(?:[\w']+ ){{0,4}}?{_EFFECT}"
    r"|(?:candles?|lamps?|torch(?:es)?|fires?|lanterns?) (?:\w+ )?(?:lit|kindled) (?:itself|themselves)"
    r"|(?:(?:blue |green |white |cold )?(?:fire|flames?|lightning|ice)|bolts? of (?:light|lightning|fire|energy)) "
    r"(?:leapt|leaped|shot|sprang|streamed|burst|poured|crackled|flew|flared) from (?:his|her|their|[\w]+'s) "
    r"(?:fingers?|fingertips|palms?|hands?|eyes|staff|wand|mouth)"
    rf"|turned (?:him|her|them|me|the \w+|his \w+|her \w+|(?-i:[A-Z])\w+) into an? (?:\w+ )?(?:{_ANIMALS})\b(?! of\b)"
    r"|(?:put on|pulled on|drew on|donned|turned) (?:the|a|his|her) (?:\w+ )?(?:ring|cloak|cap|hood|amulet)[^.;]{0,30} "
    r"(?:became|turned|was|grew) invisible"
    r"|(?:he|she|they|(?-i:[A-Z])\w+|man|woman|king|queen|boy|girl) (?:then |simply |suddenly )?vanished in a "
    r"(?:puff|cloud|flash|swirl) of (?:smoke|light|sparks|feathers)"
    r"|(?:summoned|called up|conjured(?: up)?|conjures|summons) (?:an?|two|three|the) (?:\w+ )?"
    r"(?:demon|spirit|ghost|imp|elemental|familiar|fiend)s?\b(?! of\b)"
    r"|(?:flew|rode|soared)(?: [\w']+){0,6} on (?:an?|her|his|the) broom(?:stick)?"
    r"|(?:he|she|they|(?-i:[A-Z])\w+) levitated"
    rf"|{_THINGS} (?:\w+ )?(?:floated|rose|hovered) (?:\w+ )?(?:into the air|in mid-?air|across the room)"
    r"|(?:swords?|rings?|amulet|mirror|cloak|blade|lamp|staff|harp|necklace|boots) (?:was|were|is|are|had been) "
    r"(?:enchanted|bewitched)"
    r"|drank (?:the|an?|his|her) (?:\w+ )?potion,? and (?:grew|shrank|vanished|turned|became|floated)"
    r"|(?:raised|waved|pointed|lifted|drew) (?:his|her|the|a) (?:\w+ )?wand"
    r"|(?:laid|put|cast) (?:an?|the|his|her) (?:\w+ )?(?:hex|spell|enchantment) (?:on|upon|over) (?:him|the|her|them)"
    r"|(?:spoke|speaks) (?:the |an? |three |two )?words? of power)\b",
    re.IGNORECASE,
)

# Each match contains one of these.
SHOWN_MAGIC_WORDS: Final = word_set(f"""
    magic sorcery witchcraft enchantment incantation spell spells curse rune runes hex gesture word words wave
    touch flick snap nod charm charms syllable syllables name names stone stones bone bones hand hands wand
    staff finger fingers wrist palm palms arm itself themselves fingertips mouth eyes invisible puff cloud flash
    swirl demon demons spirit spirits ghost ghosts imp imps elemental elementals familiar familiars fiend fiends
    broom broomstick levitated air room enchanted bewitched potion
    {_ANIMALS.replace("|", " ")}
""")
