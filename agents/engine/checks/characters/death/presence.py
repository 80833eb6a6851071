"""Patterns of what makes an act part of a scene: others who take part, its moment, and small gestures."""

from __future__ import annotations

import re
from typing import Final

from agents.engine.checks.characters.cast.people import NAME
from agents.engine.checks.characters.death import things as t
from agents.engine.checks.characters.death import words as w
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import one_of

# Habits in the present tense are of the living.
HABIT: Final = lazy_pattern(rf" (?:lives|{w.WORKS}) ")
# Where somebody is, as people say; not "lying in the hall" or "hanging in the kitchen".
IS_AT: Final = lazy_pattern(
    rf"{NAME}(?: is|'s) (?:(?:still|already|out|up|down|back|over|waiting|sitting|standing|working|coming) ){{0,2}}"
    rf"(?:(?:in|on|at|by|outside) (?:the|his|her) (?:(?:back|front|next|old) )?(?:{t.ROOMS}|{t.STATIONS}|kitchen|garden"
    rf"|hall|gate|landing|lobby|next room|stairs|phone|telephone|bridge|quay|pier|deck|jetty|platform|lawn"
    rf"|terrace|bath)\b|upstairs\b|downstairs\b|(?:up|down|over) the"
    r" (?:stairs|path|lane|road|hill|drive)\b|on (?:duty|watch)\b)(?! of\b)"
)
# What people say of somebody who has just done something, or is about to: not "is waiting for us", "has gone".
TOLD: Final = lazy_pattern(
    rf"{NAME}(?: is|'s) (?:still |just |already |only )?(?:(?!(?:{w.NO_TELLING})\b)\w{{3,}}ing"
    rf"|(?:asleep|awake|busy|ill|late|upstairs|downstairs)\b(?! (?:now|in (?:the )?(?:lord|god|christ|heaven"
    rf"|peace))))\b"
    rf"|{NAME}(?: has|'s) (?:{w.HAS_DONE}|(?:just |already )?(?:gone (?:for|to (?:the|buy|get|fetch|see)|out"
    rf"|upstairs|shopping)"
    rf"|(?:{w.TAKEN})(?= (?!us\b|everything\b|all\b|nothing\b|something\b|over\b|behind\b)[a-z])(?<!gone)(?<!left)"
    rf"|just left(?! us\b)))\b|"
    rf"{NAME} (?:wants|needs) (?:the|his|her|some|another|you|me|us)\b"
    rf"|{NAME} (?:has not|hasn't) (?:\w+ed|eaten|slept|come|been|said|spoken|left)\b(?=[^.?!]*\b(?:since|yet|all"
    rf" (?:day|night))\b)|{NAME} (?:will|is going to) (?:ride|come"
    rf"|go|drive|walk"
    r"|meet|see|help|cook|bring|fetch|dine|eat|sit|call|ring) (?:with|to|you|us|me|it|the|at|round|on|in|by)\b"
    rf"|{NAME} (?:sent|told|asked|gave|lent|sold|showed|let|saw|met|rang) (?:me|us|him|her|you)\b"
    r"(?=[^.?!]*\b(?:this (?:morning|afternoon|evening)|just now|today|(?:an hour|ten minutes|a minute) ago)\b)"
)
# "The spotlight came up and Mira …": something else of the scene happens as well.
BESIDE: Final = lazy_pattern(
    rf"^\W*(?:The|An?|His|Her) (?:\w+ )?(?:{t.THINGS_OF_A_SCENE}) (?:\w+ly )?{w.ACTIVE}\b[^.;:,“”\"]{{0,30}},?"
    rf" (?:and|as|when) {NAME}"
)
SCENIC: Final = lazy_pattern(
    r"\b(?:stood|sat|lay|knelt|crouched|waited) (?!according)\w+ing\b|"
    rf"{NAME}(?:, who)? (?:is|was|were) (?:\w+ )?\w{{3,}}ing\b|{NAME} had been \w+ing"
    rf"|\bbeing \w+ [^.;:]{{0,40}}?by {NAME}"
    rf"|\b(?:stood|sat|lay|waited|knelt|came|walked) {NAME}"
    r"|\b(?:came|walked|strode|stepped|burst|ran|rode|limped|went|looked|leaned|turned) (?:\w+ )?(?:in|back|down|up"
    r"|over|round|away|through the (?:door|gate)|into the (?:room|hall|kitchen|yard|shop))\b"
    r"|\b(?:sat|stood|got|lay) (?:up|down)\b|\b(?:the|a|an|another|his|her) (?:\w+ )?"
    rf"(?:{t.THINGS_OF_A_SCENE})\b"
    r"|, (?:\w+ly )?\w+ing\b|\bwith the \w+ \w+ing (?:in|on|over|up|down|through"
    r"|round|across) (?:his|her)\b"
    r"|\bwith (?:[\w'-]+ ){1,4}(?:in|on|over|under|round|across) (?:his|her)\b"
    r"|\b(?:before|after|at|during) (?:breakfast|lunch|dinner|supper|tea|bed|bedtime)\b"
    r"|\b(?:himself|herself) (?:up|down|over|out|in|into|onto|on to|off)\b",
    re.IGNORECASE,
)
# Not "the first pick", "his horse in every battle".
SMALL_THING: Final = lazy_pattern(
    r"\b(?:the|an?|another|his|her) (?!first\b|last\b|only\b|famous\b)(?:\w+ ){0,2}?"
    rf"(?:{t.SMALL_THINGS})\b(?![-'])"
)
# What is made stays, and is no sign of a scene.
MAKES: Final = lazy_pattern(rf"\b(?:{w.MADE})$")
MOMENT: Final = lazy_pattern(
    rf"{NAME} (?:\w+ly |then |at last |suddenly )?(?:{w.OF_A_MOMENT})\b(?! (?:out|on) (?:against|for))"
)
# Ways that a summary of a life does not follow: "swam out to the buoy", "came out of the bank".
ON_THE_WAY: Final = lazy_pattern(
    r"\b(?:came|went|got|walked|ran|swam|climbed|stepped|strode|rode|drove|rowed|crawled|hurried|stumbled"
    r"|slipped|limped|turned|looked|appeared|stood|reached|backed|moved)"
    r" (?:straight |slowly |quickly |right |her |his )?(?:out (?:of|to|on|from|into)|off|across|past|towards?|into"
    r"|for|over to|round|behind|in) the (?:\w+ )?(?:bank|shop|car|taxi|bus|street|lane|yard|room|kitchen"
    r"|hall|corridor|doorway|door|stairs|landing|gate|garden|lawn|beach|buoy|bushes|trees|corner|crowd|platform|bar"
    r"|counter|tent|cave|tunnel|lift|cabin|airlock|hatch|stable|barn|bed|bath|sofa|path)\b"
    r"|\bat once\b|\bwithout (?:knocking|looking|a glance|stopping|waiting|turning|speaking|answering|a sound)\b"
    r"|\b(?:his|her) (?:bicycle|horse|breakfast|lunch|supper|dinner|coffee|tea|bath|nap|shopping|umbrella|luggage)\b"
    r"|\b(?:fainted|blushed|paled|choked|giggled|hiccuped|snored|vomited|swooned|tripped|slipped)\b"
    r"|\bran for (?:the|a|his|her)\b|\bfor the doctor\b|\bto answer\b"
    r"|\b(?:watched|heard) the (?!world|war)\w+ (?:\w+ ){0,3}(?:fall|go|come|leave|before (?:he|she) saw)\b"
)
# "… and went to get her coat".
AND_THEN: Final = lazy_pattern(
    rf"^[^.;:“”\"\ue000-\uf8ff]*?(?:,| and)(?: then)? (?:\w+ly )?(?:{w.GESTURES}|asked for|went (?:to|in|out|up|down)"
    r"|came (?:in|out|back|down)|stayed (?:to|for)|sat (?:down|up)|stood up|got up|hung|rang|lay down|ran|fetched)\b"
)
SOMEBODY_NEAR: Final = lazy_pattern(
    rf"\b(?:[Tt]he|[Aa]|[Tt]wo|[Tt]hree) (?:\w+ )?(?:{w.SOMEBODY}|{one_of(ROLES)})\b(?! of\b)"
)
_OTHERS_DO: Final = (
    rf"{w.GESTURES}|{w.MOVED}|looked|turned|called|asked|told (?:him|her)|laughed|smiled|did not|didn't|arrived|got "
    rf"(?:to|in|up|out|off|home)"
)
# What the sentence before or after tells of somebody else.
OTHERS_ACT: Final = lazy_pattern(rf"^\W*(?P<who>{NAME}) (?:\w+ly )?(?:{_OTHERS_DO})\b")
# "…, and Maren ran for the hose": another act of the same moment.
ALSO_ACTS: Final = lazy_pattern(rf",? (?:and|but|while|so) (?P<who>{NAME}) (?:\w+ly )?(?:{_OTHERS_DO})\b")
# What tells a whole life, or more than a moment of it.
OF_A_LIFE: Final = lazy_pattern(
    r"\b(?:1\d\d\d|20\d\d|(?:before|during|after|until) (?:the|his|her) (?:war|death|marriage|wedding|accident)"
    r"|for a living|all (?:his|her) life|in (?:his|her) (?:youth|day|time|prime|last)|never|always|often|every|each"
    r"|(?:the|his|her) (?:first|last)|generations|biograph\w+|they say|(?:people|some|masons|songs"
    r"|stories) sa(?:y|id)|as a (?:boy|girl|child)"
    r"|many|for (?:\w+ )?(?:years|winters|summers)|had|would|could|used to|who|whose|which|that(?! (?:night|morning"
    r"|evening|afternoon|moment|day|week)\b)|if|when|where"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|hundred"
    rf"|thousand)\b(?! (?:\w+ )?(?:{w.SOMEBODY})\b)|\b(?:or so|report|legend|song|ballad|poem|story|tale|film"
    rf"|picture|play|book)\b",
    re.IGNORECASE,
)
GESTURE: Final = lazy_pattern(rf"\b(?:{w.GESTURES}|{w.GESTURES_NOW})\b")
TONIGHT: Final = lazy_pattern(
    r"\b(?:tonight|now|today|just then|at that moment|this (?:morning|evening|afternoon)|again"
    r"|\w+ (?:minutes|hours) later|an hour later"
    r"|a moment later|(?<!last )(?<!one )on (?:mon|tues|wednes|thurs|fri|satur|sun)day(?! before)|(?:before"
    r"|after|by|towards?|until|till) (?:dawn|dusk|dark|noon|midday|daybreak|sunrise"
    r"|sunset|midnight)"
    r"|at (?:dawn|dusk|noon|midday|daybreak|sunrise|sunset|midnight|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve)|without a word|[\w ]+ o'clock)\b(?! (?:years|hundred|thousand))",
    re.IGNORECASE,
)
# "Robbed four banks": what is counted is of a life.
COUNTED: Final = lazy_pattern(
    r" (?:\w+ )?(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|several|many|most)"
    r" (?:\w+ )?(?:banks|towns|cities|books|children|sons|daughters|men|ships|battles|wars|houses|boats|churches|songs"
    r"|concerts|wives|husbands|kings|years|medals|prizes|horses)\b"
)
OTHERS_HERE: Final = lazy_pattern(
    r"\b(?:him|(?<!of )them|me|us|her(?= (?:and|to|by|with|in|on|at|down|up|again|back|off|out)\b|[,.;]))\b"
    r"|\b(?:everybody|everyone|the (?:whole )?(?:hall|room|crowd|men|women|others|children))\b",
    re.IGNORECASE,
)
# "… and asked", "wiped his face": what no summary of a life tells.
GOES_ON_AFTER: Final = lazy_pattern(
    rf"(?:,| and)(?: then)? (?:\w+ly )?(?!(?:was|were|had)\b)(?:{w.ACTIVE}|wrote|made|called)\b"
    rf"|\b(?:his|her) (?:own |\w+ )?(?:{t.PARTS_AND_CLOTHES})\b|^ and (?:his|her|the) \w+ \w+ed\b"
    r"|\bone (?:eye|eyebrow|hand|arm|knee|shoulder|foot)\b|,? and (?:they|we|I) (?!were\b|had\b|was\b)\w+"
)
# In the present tense: deeds in a row ("laughs, coughs, and orders another pint"), and habits of this time.
GOES_ON_NOW: Final = lazy_pattern(
    rf"^[^.;:“”\"]{{0,60}}?(?:,| and)(?: then)? (?:\w+ly )?{w.DOES_NOW}(?= (?!of\b)[a-z]|[,.])"
    r"|\b(?:on (?:mon|tues|wednes|thurs|fri|satur|sun)days?|while (?:she|he)|these days|nowadays|nights|until half past"
    r"|too fast|from \w+ (?:till|until|to) \w+|every (?:morning|day|night|evening|week|friday)|tonight)\b",
    re.IGNORECASE,
)
# What lasts: "sells out halls to this day".
LEGACY: Final = lazy_pattern(
    r"\b(?:still|yet|to this day|for ever|forever)\b(?! (?:\w+ )?(?:nights|mornings)\b)"
)
# "Found this spring", "stopped the stage right here": what somebody has left behind.
LEFT_HERE: Final = lazy_pattern(
    r"^ (?:\w+ ){1,3}?(?:this|these) (?!morning|afternoon|evening|time|moment|minute|week|man|woman|boy|girl)\w+"
    r"|\bright here\b"
    r"|\b(?:in|from|on|at) this (?:very )?(?:room|spot|house|step|bench|chair|stone|floor|bridge|wall|roof|bed)\b"
)
# What is said of all of a life, or of much of it.
OF_MUCH: Final = lazy_pattern(
    r"\b(?:ever|always|for (?:\w+ )?(?:years|winters|summers)|1\d\d\d|all (?:his|her) life"
    r"|every \w+ (?:she|he|on the|in (?:town|the (?:world|country|city|kingdom|street|valley|county)))|half the)\b"
)
GOES_ON: Final = lazy_pattern(
    r"^[“\"'(]*(?:He|She) (?:\w+ly )?(?:had|was|[a-z]+ed|took|gave|put|sat|stood|laid|held|drew|shook|looked"
    r"|smelled|smelt|wore|spoke|ran|went|came)\b|^[“\"]"
)
# Whatever opens a scene in the sentence before.
OPENS: Final = lazy_pattern(
    r"^\W*(?:There (?:was|came) an? (?:\w+ )?(?:knock|ring|tap|bang|crash|shout|rap)\b|(?:The|An?|Somebody|Someone"
    r"|His|Her)"
    r" ?(?:\w+ )?(?:door|telephone|phone|bell|knocker|alarm|whistle|gate)? ?(?:rang|opened|swung|buzzed|creaked"
    r"|slammed|knocked)\b)"
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
