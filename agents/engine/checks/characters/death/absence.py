"""Patterns of what is no part of a scene: ghosts, tales, pictures, memories and habits."""

from __future__ import annotations

import re
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import word_set

GHOST: Final = lazy_pattern(
    r"\b(?:(?:pine|wooden) box|ghosts?|spirits?|spect(?:re|er)s?|apparitions?|haunt\w*|memory|memories|graves?"
    r"|graveside|memorial"
    r"|tomb|coffin|bier|urn|ashes"
    r"|corpse|cemeter(?:y|ies)|churchyard|headstone|tombstone|dead body|her body|his body|the body|lifeless|bones"
    r"|dead(?! (?:tired|on|straight|ahead|calm|slow|certain"
    r"|of night)\b)|funeral|buried|heaven|afterlife)\b",
    re.IGNORECASE,
)
TALE: Final = lazy_pattern(
    r"\b(?:in (?:his|her|the) (?:pocket|wallet|locket|purse|drawer|album|frame|trunk) (?:was|is)|have reached"
    r"|(?:night|day|evening|morning|date|time|hour) in question|(?:did|does) [\ue000-\uf8ff]"
    r" (?:for (?:us|them|him|her|me)|again)|(?:imitat|impersonat|mimick)\w+"
    r"|(?:marquee|sign|signboard|poster|board|plate|label|banner|card|headline|placard|cover|spine|menu|door)"
    r" (?:still |only |just )?(?:said|says|read|reads)|according to"
    r"|in (?:his|her|their|my) (?:head|mind|thoughts)|(?:pressed|hit) (?:play|the button|rewind)"
    r"|(?:log|tape|screen|hologram|recording|reel|film|image|projector|monitor|set) (?:\w+ly )?(?:flickered|hissed"
    r"|crackled|jumped|clicked|whirred|came to life|lit up|blinked|began|started)"
    r"|(?:put|set|lowered|dropped|lifted|moved) (?:down )?the needle(?: down| back| on)?|gramophone|phonograph"
    r"|record player|tape recorder"
    r"|the last (?:that )?(?:any(?:body|one)|I|we|he|she|they|[\ue000-\uf8ff]) (?:saw|heard"
    r"|knew)|chapter|recit\w+|told of|tells of|read of|reads of|read on|wrote of|spoke of|sang of|sang it"
    r"|leave a message|in pencil|in ink|on the back(?! of (?:his|her) hand)|the file|the report|the transcript"
    r"|play(?:s|ed|ing)? the (?:tape|record|recording|message|disc|video)|simulations?|depositions?|flight recorder"
    r"|(?:suit|voice|data|cockpit) recorder|(?:the|a|\w+) cam|dummy"
    r"|hand puppet"
    r"|turned the (?:sheet|page"
    r"|card)|pennies|purse|every time he told|closed (?:his|her|their) eyes|thinking of|thought of"
    r"|(?:of|on|that|was) the (?:day|night|hour|year|winter|summer|morning) (?:that|when|of|he|she|they)|anniversary"
    r"|[Tt]he (?:day|night|morning|evening|week|year|summer|winter) (?:that )?(?:they|he|she|somebody"
    r"|someone) (?:shot|killed"
    r"|hanged|buried|murdered|poisoned|drowned|died|fell|was \w+)"
    r"|(?:every|each) (?:year|autumn|spring|winter|summer)|legend|for a (?:moment|second) (?:she|he|they)"
    r" (?:thought|saw)"
    r"|(?:any(?:body|one)|every(?:body|one)|nobody|those|whoever|people|men|women|person) who (?:had |ever )?[a-z]+)\b"
    r"|\b(?:for (?:a|one) (?:moment|second|instant)[^.;:]{1,40} (?:was|became)|(?:she|he) thought(?: that)?)"
    r" [\ue000-\uf8ff]"
    r"|\b(?:hanged|buried|killed|executed|murdered|drowned|stabbed|poisoned) [\ue000-\uf8ff]"
    r"|[\ue000-\uf8ff] (?:was|is|played|plays|did) [\ue000-\uf8ff]"
    r"|\b(?:caption|headline|label|inscription|entry|title|legend|diary|noticeboard)\b[^.;]{0,30}:"
    r"|, (?:how|that|who|what|where) [\ue000-\uf8ff]|\b[Ii]n '\d\d\b"
    r"|^\W*(?:[Oo]n|[Ff]rom) the (?:wall|mantelpiece|sideboard|gable|shelf"
    r"|chimney ?piece),? (?:\w+ ){0,2}[\ue000-\uf8ff]"
    r" (?:\w+ly )?(?:look|gaz|star|smil|scowl|frown|beam|glar)\w*"
    # "In it Mira turns left": a work of which the sentence before told.
    r"|^\W*[IO]n (?:it|them|this|that|these|those|one|another|(?:the|an?) (?:first|second|third|next|last|other"
    r"|\w+ one)),?"
    r" [\ue000-\uf8ff]"
    r"|\bon (?:the|an?) (?:\w+ )?(?:sleeve|jacket|lid|packet|calendar|mantelpiece|sideboard|hoarding|sheet"
    r"|poster|handbill|plaque|stamp|banknote|tapestry|fresco|relief|frieze|mural"
    r"|canvas|print|slide|reel|tape|record|tombstone|screen|disc)\b",
    re.IGNORECASE,
)
# What shows afterwards that it was no part of the scene.
REVEALED: Final = lazy_pattern(
    r"\b(?:then|but) (?:it|he|she) (?:was|were) (?:only |just )?(?:a|an|the)\b|\b(?:it|he|she|that) was only\b"
    r"|\b(?:record"
    r" (?:over|ended|stopped|player|was scratched)|needle|on page \w+"
    r"|(?<!to )(?<!at )(?<!before )(?<!behind )(?<!beside )(?<!turned from )(?<!turning from )"
    r"the (?:film|reel|tape|recording|projector|screen|actress|actor"
    r"|song|verse|ballad))\b|\bthe (?:day|night|morning|evening|week) (?:that )?(?:they|he|she|somebody"
    r"|someone) (?:shot|killed|hanged"
    r"|murdered|died|fell|drowned)\b|\bin (?:his|her|their|my) (?:head|mind|thoughts|prayers|heart)\b"
    r"|\bto (?:(?:[\w\ue000-\uf8ff]+'s|his|her|their|my|our) mind\b|mind[.,;])"
    r"|\b(?:over|from|through|on|out of) (?:the|an?) (?:\w+ )?(?:loudspeakers?|speakers?|gramophone|answering machine"
    r"|answerphone|recorder|tape|cassette|wireless|radio|jukebox)\b|\b(?:drill|old) recording\b"
    r"|\b(?:that was the last (?:of|any|they|we|I)|nobody (?:ever )?saw (?:him|her) (?:again|go|alive)|(?:was"
    r"|were) never"
    r" seen|did not come (?:up|back|out)|never came (?:up|out|home)|the (?:pills|overdose|poison|noose)|(?:then"
    r"|after) the (?:beep"
    r"|tone|click))\b"
    r"|; (?:the|that) (?:\w+ )?(?:is|are)\b"
    r"|\bin (?:straw|sacking|papier)\b|\b(?:burn|burned|burnt) (?:him|her) (?:at|on|again|every)\b"
    r"|\b(?:shut|closed|put away|put down|turned) (?:the|her|his) (?:album|photograph|picture)\b"
    r"|\b(?:so|as) the (?:\w+ )?(?:score|script|text|plan|file|record|book)\b|\bthe (?:proverb|saying) (?:runs"
    r"|goes|has it)\b"
    r"|\bas (?:the )?(?:\w+ )?(?:children|people|men|they) (?:say|tell it|put it|have it)\b"
    r"|\b(?:in|on) the (?:first|second|third|last|old|early|other|live|studio) (?:recording|take|version|record"
    r"|page|slide)\b"
    r"|\b(?:riderless|left of (?:him|her)|without (?:its|a) rider|back without)\b"
    r"|\b(?:that|which) (?:still |now )?(?:hangs?|stands?|hung|stood|bears?|lies|is still|are still)\b"
    r"|\bdid not (?:get up|rise|wake) again\b|\bnever (?:got up|woke|rose|came back|returned)\b"
    r"|\b(?:did|would|could|does|can) (?:not|never) (?:answer|reply|hear)\b|\blike that[.,;]|\b(?:was|were|is|made"
    r"|only|figure|dummy|doll|guy|man|woman|king|queen|head|body|thing) (?:all |only )?of (?:straw|snow|cloth|paper"
    r"|cardboard|tin|rags)\b|\b(?:in|of) (?:bronze|marble|stone"
    r"|granite|wax|plaster|effigy|oils|oak|limewood|alabaster|terracotta|porcelain|enamel|charcoal|pastels?|sandstone"
    r"|limestone|needlepoint|sepia|watercolours?)\b|\b(?:verdigris|pedestal|plinth)\b"
    r"|(?:(?<=[\ue000-\uf8ffe] was )|(?<=[\ue000-\uf8ffe] lay )|(?<=they were ))dying\b"
    r"|\bwhen (?:she|he|they|I|we) (?:was|were) (?:still |only |just )?(?:an? (?:girl|boy|child)|\w+teen|six|seven"
    r"|eight|nine|ten"
    r"|eleven|twelve|young|little|small)\b"
    r"|, [\w\ue000-\uf8ff]+ (?:was|were) (?:still |only |not yet )?(?:an? (?:child|girl|boy|baby)|\w+teen|six"
    r"|seven|eight|nine|ten|eleven|twelve"
    r"|twenty|young)\b|^(?:Then )?(?:\w+ )?(?:woke|awoke|opened (?:his|her|their) eyes)\b|\b(?:woke up"
    r"|closed the (?:album|book))\b",
    re.IGNORECASE,
)
# What looks down from a wall or a coin, or hangs there.
LOOKS_FROM: Final = lazy_pattern(
    r"\b(?:look|gaz|star|glar|sneer|scowl|grin|smil|frown|squint|leer|beam|laugh|wav|lean)\w*(?! (?:his|her|an?) )"
    r"(?: [\w\ue000-\uf8ff']+){0,5}? (?:from (?:it\b|(?:the|an?|its|every|each|his|her|under|above"
    r"|behind) (?:[\w']+ ){0,2}?"
    r"(?:wall|frame|glass|coin|bracket|niche|plinth|pedestal|poster|cover|page|shelf|tin|label|note|banknote|stamp"
    r"|calendar"
    r"|album|sleeve|spine|gable|lamp post|sign|panel|medal|locket|mantel|mantelpiece|piano|dresser|sideboard"
    r"|side of (?:an?|the|every) (?:bus|tram|van|lorry|truck|barn|building|house|box|tin)))\b"
    r"|on the (?:piano|mantelpiece|wall|sideboard|dresser|cover|sleeve)\b)"
    r"|\b(?:look|gaz|star|sneer|scowl|grin|smil|frown|laugh|wav)\w* (?:[\w']+ ){0,3}?out of (?:the|its|an?) (?:\w+ )?"
    r"(?:door|frame|wall|glass|page|cover|locker|newspaper|album)\b"
    r"|\bdown from the (?:wall|hook|frame|mantelpiece|shelf|plinth|pedestal|nail)\b"
)
HABITUAL: Final = lazy_pattern(
    r"\b(?:at|to|for|after|before|in) (?:every|each) (?:wedding|feast|funeral|fair|market|dance|harvest|meal|service"
    r"|performance|show|play|match|game|meeting|birthday|christening|offer|full moon)\b|\b(?:every|each) (?:night|year"
    r"|day|week|sunday|spring|summer|autumn|winter)\b",
    re.IGNORECASE,
)
# "Before Mira left, she had signed it": an earlier time.
BEFORE_ANOTHER: Final = lazy_pattern(
    r"^\W*(?:Before|After|When|Until|Once) (?:[\w']+ ){0,3}?[\ue000-\uf8ff] [^.;:]*, (?:she|he) had\b"
)
# "Had just finished when Mira strode in", "who was already at work": what follows the pluperfect is now.
HAD_JUST: Final = lazy_pattern(
    r"\bhad (?:just|hardly|scarcely|barely|only|not yet|almost|nearly)\b(?! (?:been \w+|married|turned"
    r"|died)\b)[^.;:]*\b(?:when|before) $"
)
ALREADY: Final = lazy_pattern(r", who (?:was|were) (?:already|now|just|even now) \w+ing\b")
# A relative clause is about the past: "the law that the king made", "the bridge the king built".
RELATIVE: Final = lazy_pattern(
    r"\b(?:that|which|whom|whose|how|what|why|where|(?<=\w )as)(?: (?:old|young|poor|the late))? $",
    re.IGNORECASE,
)
# "The arrow that killed Mira hung over the door": the verb after the name is of the arrow.
IN_RELATIVE: Final = lazy_pattern(
    r"\b(?:that(?! (?:night|morning|evening|afternoon)\b)"
    r"|which|who) (?:had |once |\w+ly )?[a-z]+ $"
)
OBJECT: Final = lazy_pattern(
    r"(?:(?P<before>[\w']+),? )?\b(?:the|an?|this|every|all) (?P<noun>[a-z][\w-]+) $", re.IGNORECASE
)
PREPOSITIONS: Final = word_set(
    "in on at of by to from with under over behind beside near into onto against across through around down up below"
    " above before after during along outside inside past towards toward for without beyond beneath among amid between"
    " underneath opposite via upon throughout till until since"
)
NOT_OBJECTS: Final = frozenset(ROLES) | word_set(
    "man woman boy girl late dead old young great good morning evening night afternoon while moment second minute hour"
    " day week month year spring summer autumn winter time monday tuesday wednesday thursday friday saturday sunday"
)
