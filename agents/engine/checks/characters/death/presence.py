"""Patterns of what makes an act part of a scene: others who take part, its moment, and small gestures."""

from __future__ import annotations

import re
from typing import Final

from agents.engine.checks.characters.cast.people import NAME
from agents.engine.checks.characters.death.acts import ACTIVE, GESTURES_NOW
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import LIVING

# Habits in the present tense are of the living.
HABIT: Final = lazy_pattern(r" (?:lives|sings|plays|works|dances|drinks|eats|sleeps|teaches|keeps) ")
# How it is done: "Slowly Mira …", "Smiling, Mira …", "She and Mira …".
MANNER: Final = lazy_pattern(
    rf"^\W*(?:(?:Slow|Quiet|Gent|Careful|Silent|Sudden|Quick|Soft|Angri|Weari|Cautious|Thoughtful|Calm|Firm"
    rf"|Final)ly|\w+ing),? {NAME}"
    rf"|^\W*(?:Hand over hand|Step by step|Inch by inch|Without (?:haste|hurry|a sound|looking \w+)|On tiptoe"
    rf"|On all fours"
    rf"|Half asleep|Barefoot|Out of breath|At (?:the sound of|a sign from|the sight of) [\w' ]{{1,25}}),? {NAME}"
    rf"|^\W*With an? (?:\w+ )?(?:sigh|smile|nod|shrug|laugh|groan|grin|yawn|wave|bow|curse|wink),? {NAME}"
    rf"|\b(?:[Ss]he|[Hh]e|[Tt]hey|I) and {NAME}|{NAME} and (?:she|he|they|I)\b"
)
SCENIC: Final = lazy_pattern(
    rf"{NAME} (?:is|was|were) (?:\w+ )?\w{{3,}}ing\b|{NAME} had been \w+ing|\b(?:stood|sat|lay|waited|knelt"
    rf"|came|walked) {NAME}"
    r"|\b(?:came|walked|strode|stepped|burst|ran|rode|limped|went|looked|leaned|turned) (?:\w+ )?(?:in|back"
    r"|down|up|over|round"
    r"|away|through the (?:door|gate)|into the (?:room|hall|kitchen|yard|shop))\b|\b(?:sat|stood|got|lay) (?:up"
    r"|down)\b"
    r"|\b(?:the|a|an|another|his|her) (?:\w+ )?(?:doors?|windows?|lamps?|fire|tables?|beds?|chairs?|bench"
    r"|candles?|cups?|glass"
    r"|bottles?|gates?|counters?|desks?|rails?|stairs|kettle|bread|soup|wine|keys?|letters?|ladder|lantern|match"
    r"|stove|oars?|reins"
    r"|bowls?|plates?"
    r"|curtains?|blinds?|basket|bucket|rope|boat|cigarettes?|pipe|dice|cards|coffee|tea|telephone|phone|receiver)\b"
    r"|, (?:\w+ly )?\w+ing\b|\bwith (?:[\w'-]+ ){1,4}(?:in|on|over|under|round|across) (?:his|her)\b"
    r"|\b(?:before|after|at|during) (?:breakfast|lunch|dinner|supper|tea|bed|bedtime)\b"
    r"|\b(?:himself|herself) (?:up|down|over|out|in|into|onto|on to|off)\b",
    re.IGNORECASE,
)
# Small things of a household, a trade or a journey, which no summary of a life stops at: "carried the shopping in".
_SMALL: Final = (
    "shopping|parcels?|tray|sack|bags?|suitcase|umbrella|teapot|saucer|jug|mug|pans?|pots?|skillet|bucket|pail"
    "|broom|mop|brush|comb|needle|thread|scissors|spoon|fork|knife|plug|switch|taps?|fuse|bulb|bolts?|latch|lid"
    "|drawer|cupboard|shelf|pillow|blankets?|sheets|mattress|washing-up|dishes|ironing|toast|bacon|porridge|post"
    "|shoes?|socks?|stockings|scarf|apron|pocket|purse|wallet|coins?|change|ticket|stamp|envelope|pencil|newspaper"
    "|spectacles|spanner|wrench|hammer|screws?|nails?|shovel|spade|rake|hose|wheelbarrow|brake|tyre|puncture"
    "|horse|mule|mare|pony|saddle|bridle|stirrups?|girth|halter|cart|trough|whip|spurs?|holster|trigger|bandage"
    "|pill|syringe|monitor|console|dial|levers?|buttons?|screen|helmet|visor|hatch|seal|log|porch|landing|counter"
    "|nose|thumb|tooth|ear|sweat|dust|mud|crumbs|splinter|cabbie|cabby|cab|lift|escalator|anchor|tiller"
)
# Not "the first pick", "his horse in every battle".
SMALL_THING: Final = lazy_pattern(
    rf"\b(?:the|an?|another|his|her) (?!first\b|last\b|only\b|famous\b)(?:\w+ ){{0,2}}?(?:{_SMALL})\b(?![-'])"
)
# Acts of a moment.
_OF_A_MOMENT: Final = (
    "laughed|stopped|noticed|bought|dropped|missed (?:the|his|her)|hurried|grunted|lost (?:his|her) (?:balance"
    r"|temper|hat|place|footing)|slipped|tripped|spilled|spilt|jumped|cursed|swore|burned|burnt|mended"
    r"|fetched|borrowed"
    r"|finished|cleaned|wound|rang|telephoned|phoned|cooked|fried|boiled|baked|washed|dried|packed|counted|emptied"
    r"|filled|loaded|checked|adjusted|signed the (?:log|book|form|receipt)|tailed|fell (?:off|over|asleep"
    r"|silent|back)"
    r"|got (?:up|out|in|off|down|dressed)|won the (?:toss|game|hand|round)|cancelled|tuned|yawned"
)
MOMENT: Final = lazy_pattern(
    rf"{NAME} (?:\w+ly |then |at last |suddenly )?(?:{_OF_A_MOMENT})\b(?! (?:out|on) (?:against|for))"
)
# What tells a whole life, or more than a moment of it.
OF_A_LIFE: Final = lazy_pattern(
    r"\b(?:1\d\d\d|20\d\d|(?:before|during|after|until) (?:the|his|her) (?:war|death|marriage|wedding|accident)"
    r"|for a living|all (?:his|her) life|in (?:his|her) (?:youth|day|time|prime|last)|never|always|often|every|each"
    r"|(?:the|his|her) (?:first|last)|generations|biograph\w+|they say|(?:people|some|masons|songs"
    r"|stories) sa(?:y|id)|as a (?:boy|girl|child)"
    r"|many|for (?:\w+ )?(?:years|winters|summers)|had|would|could|used to|who|whose|which|that|if|when|where"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|hundred"
    r"|thousand|or so|report|legend|song|ballad|poem|story|tale|film|picture|play|book)\b",
    re.IGNORECASE,
)
# Small acts that a scene shows, and no summary of a life tells.
GESTURE: Final = lazy_pattern(
    r"\b(?:tasted|sniffed|wiped|nodded|shrugged|blinked|coughed|yawned|swallowed|frowned|glanced|winced|sighed"
    r"|shivered"
    r"|knelt|crouched|tiptoed|chewed|sipped|poured|stirred|folded|unfolded|buttoned|unbuttoned|unlocked|knocked"
    r"|tapped"
    r"|scratched|rubbed|licked|whistled|hummed|muttered|grunted|snorted|giggled|grinned|winked|bowed|stretched|tugged"
    r"|patted|peered|stared|hesitated|paused|tuned|packed|unpacked|dismounted|stumbled|limped|hobbled|sneezed"
    r"|answered"
    rf"|{GESTURES_NOW}|shuffled|(?:put|set|laid) (?:down|aside)(?! (?:the|a) (?:rebellion|revolt|rising|mutiny"
    rf"|riot))|picked up|took off|put on"
    r"|spat|grimaced|gulped|gasped|groaned|smirked|sneered|scowled|belched|hiccuped|slumped|squatted|stooped|flinched"
    r"|shuddered|panted|wheezed|snarled|hissed|mumbled|stammered|beckoned|fidgeted|cleared (?:his|her) throat"
    r"|(?:reached|felt|groped|fumbled) for|bit into|blew on"
    r"|(?:\w+ed|put|shut|took|threw|pushed|set) (?:it|them) (?:back|away|down|up|aside|over|off|shut|open)"
    rf"|squinted|tightened|loosened|rinsed|sliced|plucked|skipped|rested|finished"
    r"|rapped|dusted|mopped|peeled|chopped|brewed|ironed|darned|tossed|flicked|clapped|fiddled|fussed|rummaged"
    r"|rattled|jingled|tethered|watered|saddled|unsaddled|harnessed|bolted|unbolted|latched|plugged|unplugged"
    r"|powdered|shaved|gargled|hiccupped|tutted|clucked|beamed|pouted|sulked|fanned|swatted|scrubbed|soaped"
    r"|dialled|dialed|typed|queued|parked|reversed|sharpened|hailed|paid off|zipped|unzipped|floated|drifted off"
    r"|nodded off|dozed|stooped|perched|crossed (?:his|her) (?:arms|legs))\b"
)
TONIGHT: Final = lazy_pattern(
    r"\b(?:tonight|now|today|just then|at that moment|this (?:morning|evening|afternoon)|again|an hour later"
    r"|a moment later|(?<!last )(?<!one )on (?:mon|tues|wednes|thurs|fri|satur|sun)day(?! before)|(?:before"
    r"|after|by|towards?|until|till) (?:dawn|dusk|dark|noon|midday|daybreak|sunrise"
    r"|sunset|midnight)"
    r"|at (?:dawn|dusk|noon|midday|daybreak|sunrise|sunset|midnight|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve)|without a word|[\w ]+ o'clock)\b(?! (?:years|hundred|thousand))",
    re.IGNORECASE,
)
# "Tam ran.": no summary of a life is so short.
SHORT: Final = lazy_pattern(rf"^\W*{NAME} (?:\w+ly )?(?:{LIVING})\W*$")
OTHERS_HERE: Final = lazy_pattern(
    r"\b(?:him|(?<!of )them|me|us|her(?= (?:and|to|by|with|in|on|at|down|up|again|back|off|out)\b|[,.;]))\b"
    r"|\b(?:everybody|everyone|the (?:whole )?(?:hall|room|crowd|men|women|others|children))\b",
    re.IGNORECASE,
)
# "… and asked", "wiped his face": what no summary of a life tells.
GOES_ON_AFTER: Final = lazy_pattern(
    rf"(?:,| and)(?: then)? (?:\w+ly )?(?!(?:was|were|had)\b)(?:{ACTIVE}|wrote|made|called)\b|\b(?:his"
    rf"|her) (?:own |\w+ )?(?:eyes|face|hands?|hair|mouth"
    r"|lips|fingers?|shoulders?|head|arms?|legs?|feet|foot|knees?|chin|cheeks?|brow|forehead|teeth|throat"
    r"|gloves?|coat"
    r"|hat|cap|boots?|sleeves?|pockets?|glass|cup|plate|pipe|chair)\b|^ and (?:his|her|the) \w+ \w+ed\b"
    r"|\bone (?:eye|eyebrow|hand|arm|knee|shoulder|foot)\b"
    r"|,? and (?:they|we|I) (?!were\b|had\b|was\b)\w+"
)
GOES_ON: Final = lazy_pattern(
    r"^[“\"'(]*(?:He|She) (?:\w+ly )?(?:had|was|[a-z]+ed|took|gave|put|sat|stood|laid|held|drew|shook|looked"
    r"|smelled|smelt|wore|spoke|ran|went|came)\b|^[“\"]"
)
# Somebody whom the scene has not yet named.
APPEARS: Final = lazy_pattern(
    r"\b(?:doors?|knock\w*|rang|bell|voices?|turned round|turned around|laughed|coughed|some(?:body"
    r"|one) (?:laughed|knocked|called|coughed|shouted|sneezed|spoke|came|touched|was|tapped|whistled|sang)|figure"
    r"|steps|footsteps"
    r"|boots|hooves|shadow|stranger|rider|hand fell|touched|tapped|tap on|shape|whoever|silhouette|telephone"
    r"|phone)\b",
    re.IGNORECASE,
)
