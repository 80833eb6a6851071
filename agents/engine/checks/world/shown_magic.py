"""Magic that a text shows without naming it: candles light themselves, fire leaps from somebody's fingers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading
from agents.engine.text.word_forms import word_set
from agents.engine.text.word_pattern import WordPattern

_THINGS: Final = (
    r"(?:bench|table|stones?|chairs?|jug|(?:tea)?cups?|saucers?|teapots?|trays?|forks?|bowls?|plates?|books?"
    r"|boulders?|swords?|kni(?:fe|ves)|stools?|barrels?"
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
    rf"(?:(?:{_THINGS}|it|they) (?:\w+ )?(?:floated|flew|rose|lifted|sailed|drifted|hovered) (?:up|into|across"
    rf"|over|through|off"
    r"|towards?|to|out)"
    r"|(?:candles?|lamps?|fire|torch(?:es)?|lanterns?|flames?) (?:\w+ ){0,3}?(?:lit|kindled|went out|died|rose"
    r"|leapt|turned"
    r" \w+|burst|flared)|(?:wounds?|cut|gash|burns?|bones?|skin|flesh) (?:\w+ )?(?:closed|healed|knit\w*|mended)"
    r"|burst into flames?|turned (?:to (?:stone|ice|gold|ash|dust)|into an? \w+)|froze solid|fell asleep"
    r"|a (?:flame|light|globe of \w+) (?:stood|appeared|bloomed|kindled|sprang|danced|hovered)"
    r"|turned (?:in)?to (?:blood|wine|silver|salt|water|roses|snakes)"
    r"|(?:filled|emptied|mended|wrote|poured|swept|folded) (?:itself|themselves)"
    r"|(?:river|sea|waters?|flood) (?:rose|parted|stopped|stood still)|(?:stood|stayed) (?:still )?in the air"
    r"|locks? (?:\w+ )?(?:fell open|sprang open|clicked open|opened)|by (?:itself|themselves))"
)
_ANIMALS: Final = (
    "toad|frog|newt|mouse|rat|pig|swan|raven|crow|stag|wolf|cat|hare|goose|snake|spider|statue|swine"
)
_SUBJECT: Final = r"(?:he|she|they|(?-i:[A-Z])\w+|man|woman|king|queen|boy|girl|witch|priest)"
_INSTRUMENTS: Final = (
    r"(?:brooms?|harps?|pens?|quills?|swords?|cups?|chairs?|needles?|spinning wheels?|dishes|pots?|spoons?"
    r"|flutes?|drums?"
    r"|jugs?)"
)
_WOUNDS: Final = r"(?:wounds?|burns?|cuts?|gash|bruises?|scars?|fever|broken \w+)"
# One family of acts each.
_ACTS: Final = (
    rf"{_INSTRUMENTS} (?:\w+ ){{0,4}}(?:by itself|by themselves|of its own accord|with nobody near (?:it|them))",
    r"(?:cat|dog|horse|raven|crow|fox|hare|toad|owl|goat|wolf|snake) (?:spoke|answered"
    r"|replied)(?: to [\w']+)? in (?:Latin"
    r"|Greek|French|a (?:human|man's|woman's|child's|low|clear|soft) voice|words|plain \w+)",
    r"(?:hands|palms) (?:began to glow|glowed)|(?:stone|amulet|ring|crystal|staff|rune|pendant"
    r"|talisman) (?:in (?:his|her) "
    r"(?:hand|palm|fingers) |on the \w+ )?(?:began to glow|started to glow|glowed|flared) (?:when|as|at) (?:he"
    r"|she|they|his|her)",
    r"drew an? (?:circle|sign|rune|line|symbol) in the air,? and it (?:stayed|hung|glowed|burned|remained)",
    rf"(?:held|put|stretched|reached) out (?:his|her|a|one) hand,? and the {_THINGS} (?:came|flew|floated|rose"
    rf"|slid|leapt)",
    r"(?:whispered|muttered|spoke|said|chanted|sang) the old (?:words?|rhyme"
    r"|verse),? and the (?:\w+ ){1,2}(?:opened|unlocked|lit|rose"
    r"|moved|turned|woke)",
    r"(?:walked|stepped|passed|strode|slipped) (?:straight |right |clean )?through (?:the|a) (?:(?:solid "
    r"|stone |brick |closed "
    r"|locked )?walls?\b(?! of\b)|(?:locked|closed|bolted|solid|barred|shut) (?:\w+ )?(?:door|gate|window)\b)",
    r"(?:nets?|ropes?|threads?|needles?|dishes|clothes|pages?|letters?|shoes|boots|oars?|yarn|wool|cloth"
    r"|chains?|knots?|pens?)"
    r" (?:\w+ )?(?:knotted|wove|tied|untied|sewed|washed|wrote|spun|knitted|stitched|mended|folded) (?:itself"
    r"|themselves)"
    r"(?=[.,;]| (?:up|together|back)\b)",
    r"shadow (?:went on|did not (?:move|follow)|stayed behind|waved|sat down|stood up|spoke|laughed)",
    rf"with (?:a|one|two|three) words? {_SUBJECT} (?:made|put) [\w ']{{1,30}} (?:to sleep|sleep|vanish|disappear"
    r"|float)\b",
    rf"{_WOUNDS} (?:closed|healed|knit|knitted|mended) (?:at|under|beneath) (?:his|her) (?:touch|hands?|fingers|word)",
    r"bells? (?:\w+ )?rang (?:itself|themselves)",
    r"the dead (?:\w+ )?(?:rose|climbed|crept|walked|came) (?:up |out )?(?:from|of) their graves",
    r"said the word,? and (?:they|he|she|we|(?-i:[A-Z])\w+) (?:was|were) (?:all )?(?:in (?-i:[A-Z])\w+|gone)",
    r"(?:flames?|candles?|fires?)[^.;,]{0,20} (?:leaned|bent|bowed) (?:towards?|to) (?:him|her|them)",
    r"(?:cat|dog|horse|raven|crow|fox|hare|toad|owl|goat|wolf|snake) [^.;:]{0,40}\b(?:told|asked|said|answered"
    r"|replied|spoke)\b"
    r"[^.;:]{0,20},? in (?:good |plain |perfect |clear )?(?:English|Latin|Greek|French|German|Italian|verse)",
    r"(?:cup|glass|plate|vase|jug|sword|window|mirror|rope|rod|staff|bowl|pot) (?:\w+ )?mended itself",
    r"(?:statue|portrait|gargoyle|skeleton|skull|painting|bust|effigy|carving)s? (?:\w+ )?(?:(?:opened (?:its"
    r"|his|her) (?:mouth"
    r"|eyes|lips) and (?:spoke|said|sang|screamed|laughed|smiled)|got down|stepped down|climbed down)\b)",
    r"potion (?:had )?(?:made|turned) (?:him|her|them|me|the \w+|(?-i:[A-Z])\w+) (?:young|invisible|old|small"
    r"|into|strong|fearless)"
    r"|drank (?:the|an?|his|her|off the) (?:\w+ )?potion,? and (?:his|her) (?:\w+ ){1,2}(?:grew|turned"
    r"|became|closed|healed"
    r"|vanished)",
    r"curse (?:\w+ )?(?:had )?turned (?:his|her|the|him|them)",
    r"enchanted (?:the|an?|his|her) (?:sword|ring|cloak|blade|mirror|harp|lock|door|amulet|boots|bow|arrow)"
    r"|enchanted (?:harp|mirror"
    r"|lamp|cloak|boots|blade|bow|amulet|door|mask)",
    r"conjured (?:up )?(?:an?|the) (?:flame|fire|light|storm|wind|mist|shield|wall of \w+|ball of \w+)\b",
    r"carpet (?:rose|flew|lifted|carried (?:him|her|them))(?! (?:in price)\b)",
    r"(?:demon|djinn|genie|familiar|imp) (?:\w+ )?(?:answered|appeared|stepped|bowed|obeyed|rose from) (?:him"
    r"|her|them|from|out|in"
    r" the (?:circle|smoke|mirror))",
    r"(?:fire|flames?|wind|sea|river|storm|stones|trees) (?:obeyed (?:him|her|them)|answered (?:his|her) call"
    r"|bent aside to let)",
    r"called (?:up |down )?(?:the|a) (?:wind|storm|rain|lightning|fire"
    r"|thunder)(?: (?!and\b)\w+){0,4},? and it (?:came|fell|rose|struck)",
    r"(?:statue|gargoyle|skeleton|scarecrow|suit of armour)s? (?:\w+ )?(?:stepped down|got up|climbed down"
    r"|bowed|walked (?:off|away|out"
    r"|across))|(?:his|her) (?:own )?shadow (?:got up|walked away|stood up)",
    r"(?:threw|hurled|flung|cast) (?:an?|the) (?:great |second )?(?:balls?|bolts?|lances?) of (?:fire|lightning"
    r"|light|ice)",
    rf"heal(?:ed|s) (?:the|his|her|their|a) (?:\w+ )?{_WOUNDS} (?:by laying (?:his|her|a) hands?|with (?:a"
    rf"|one) (?:touch|word))",
    r"(?:charm|ring|cloak|cap|hood|amulet|stone|spell) (?:that |which )?(?:had )?made (?:him|her|them|me"
    r"|its \w+) (?:invisible"
    r"|vanish|disappear)",
    r"(?:spoke|whispered|talked|sang) to the (?:fire|flames?|stones?|trees?|wind|water|river),? and (?:it"
    r"|they) (?:told (?:him|her)"
    r"|answered|obeyed|rose|moved|parted|leapt|bent|opened)",
    rf"with (?:a|one) (?:word|glance) {_SUBJECT} (?:lit|kindled|put out|doused) the (?:candles?|torch(?:es)?"
    rf"|fire|lanterns?|lamps?|hearth)",
    rf"with (?:a|one) (?:word|gesture|glance) {_SUBJECT} (?:froze|healed|mended)",
    r"(?:wand|staff) (?:\w+ )?(?:glowed|sparked|flared|spat)",
)
# Acts of anybody: a match can begin with any word.
_BY_SOMEBODY: Final = (
    rf"{_SUBJECT} (?:\w+ )?(?:turned|changed|transformed) (?:him|her|them)sel(?:f"
    rf"|ves) into an? (?:\w+ )?(?:{_ANIMALS}|bird"
    r"|bat|eagle|hawk|heron|owl|fox|horse|fish|bear|dog|serpent|moth|otter|seal|lion|lizard|sparrow|deer)\b",
    rf"{_SUBJECT} (?:(?!rumours?|news|words?|gossip|birds?|time)\w+ )?flew (?:up )?(?:over|above|across|past)"
    rf" the (?:roofs?|rooftops|abbey|town|city|tower"
    rf"|steeple|forest"
    r"|village|walls?|valley|castle)(?! (?:in|by|aboard|with) (?:an?|the|his|her) (?:plane|aeroplane|airplane"
    r"|balloon|jet"
    r"|helicopter|glider|ship|airship|craft|shuttle))",
    rf"{_SUBJECT} (?:\w+ )?(?:turned|changed|transformed)(?: (?:him|her|them)sel(?:f"
    rf"|ves))? into an? (?:\w+ )?(?:{_ANIMALS}|bird|bat"
    r"|eagle|hawk|owl|fox|horse|fish|bear|dog|serpent|moth) and (?:flew|ran|hopped|crept|swam|slid|bounded"
    r"|crawled|slipped"
    r"|darted|galloped|rose)",
    rf"{_SUBJECT} vanished(?:,| and)[^.;]{{0,30}}\b(?:stood|appeared|reappeared|was standing) (?:again )?(?:on"
    rf"|at|in|behind|beside)",
    r"(?:he|she|(?-i:[A-Z])\w+) (?:floated|hovered) (?:[\w']+ ){0,3}(?:above|off) the (?:ground|floor|earth)",
    r"(?:he|she) (?:floated|hovered) (?:an?|two|three|several|six|some|half an?) (?:foot|feet|inch|inches|yards?|hand)"
    r" (?:above|off|over) (?:the|her|his) \w+",
    rf"{_SUBJECT} (?:then |simply |suddenly |(?:snapped|bowed"
    r"|laughed|turned|clapped)(?: [\w']+){0,3} and )?vanished in a "
    r"(?:puff|cloud|flash|swirl) of (?:\w+ )?(?:smoke|light|sparks|feathers)",
    r"(?:he|she|they|(?-i:[A-Z])\w+) levitated",
)
_SHOWN: Final = WordPattern.of(
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
    r"|(?:put on|pulled on|drew on|donned|turned) (?:the|a|his|her) (?:\w+ )?(?:ring|cloak|cap|hood"
    r"|amulet)[^.;]{0,30} "
    r"(?:became|turned|was|grew) invisible"
    r"|(?:summoned|called up|conjured(?: up)?|conjures|summons) (?:an?|two|three|the) (?:\w+ )?"
    r"(?:demon|spirit|ghost|imp|elemental|familiar|fiend)s?\b(?! of\b)"
    r"|(?:flew|rode|soared)(?: [\w']+){0,6} on (?:an?|her|his|the) broom(?:stick)?"
    rf"|{_THINGS} (?:\w+ )?(?:floated|rose|hovered) (?:\w+ )?(?:into the air|in mid-?air|across the room)"
    r"|(?:swords?|rings?|amulet|mirror|cloak|blade|lamp|staff|harp|necklace|boots) (?:was|were|is|are|had been) "
    r"(?:enchanted|bewitched)"
    r"|drank (?:the|an?|his|her) (?:\w+ )?potion,? and (?:grew|shrank|vanished|turned|became|floated)"
    r"|(?:raised|waved|pointed|lifted|drew|(?:flick|wave|tap|touch|twitch|stroke) of) (?:his|her|the|a) (?:\w+ )?wand"
    r"|(?:laid|put|cast) (?:an?|the|his|her) (?:\w+ )?(?:hex|spell|enchantment) (?:on|upon|over) (?:him|the|her|them)"
    rf"|(?:spoke|speaks) (?:the |an? |three |two )?words? of power|{'|'.join(_ACTS)})\b"
)
_SHOWN_BY_SOMEBODY: Final = lazy_pattern(rf"\b(?:{'|'.join(_BY_SOMEBODY)})\b", re.IGNORECASE)
# Each match of it contains one of these.
_ACTS_OF_SOMEBODY: Final = word_set("flew turned changed transformed vanished floated hovered levitated")


def shown_magic(reading: Reading) -> Iterator[re.Match[str]]:
    """Yield what may be magic, in reading order."""
    behind = 0
    for found in sorted(
        (*_SHOWN.find(reading), *reading.matches(_SHOWN_BY_SOMEBODY, _ACTS_OF_SOMEBODY)), key=re.Match.start
    ):
        if found.start() >= behind:
            behind = found.end()
            yield found


# Each match contains one of these.
SHOWN_MAGIC_WORDS: Final = word_set(f"""
    magic sorcery witchcraft enchantment incantation spell spells curse rune runes hex gesture word words wave
    touch flick snap nod charm charms syllable syllables name names stone stones bone bones hand hands wand
    staff finger fingers wrist palm palms arm itself themselves fingertips mouth eyes invisible puff cloud flash
    swirl demon demons spirit spirits ghost ghosts imp imps elemental elementals familiar familiars fiend fiends
    broom broomstick levitated air room enchanted bewitched potion accord near glow glowed glowing wall walls flew
    ran hopped crept swam slid bounded crawled slipped darted galloped conjured vanished carpet djinn genie obeyed
    ground floor earth fire flames flame wind sea river storm trees statue gargoyle skeleton scarecrow armour shadow
    shadows ball balls bolt bolts charmed ring cloak cap hood amulet water lightning rain thunder pendant crystal
    cat dog horse raven crow fox hare toad owl goat wolf snake talisman gestures glance sign circle line symbol
    out statues bent aside nets net ropes thread threads needles dishes clothes page pages letter letters shoes
    boots oars yarn
    wool cloth chains knots pens candles candle fires door gate window
    portrait painting skull bust effigy carving cup glass plate vase jug sword
    mirror rope rod bowl pot heron otter seal lion lizard sparrow deer bird bat eagle hawk fish bear serpent moth
    {_ANIMALS.replace("|", " ")}
""")
