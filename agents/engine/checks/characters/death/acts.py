"""Patterns of acts that no dead person does: what somebody does, says and has, and where they are."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from agents.engine.checks.characters.cast.people import NAME
from agents.engine.checks.characters.death import things as t
from agents.engine.checks.characters.death import words as w
from agents.engine.checks.characters.death.company import COMPANY, ONCE
from agents.engine.checks.characters.death.encounters import ENCOUNTERS, MET_IN_SCENES
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.words import TITLES
from agents.engine.text.pattern_set import PatternSet
from agents.engine.text.vocabulary import LIVING, ROLES
from agents.engine.text.word_forms import one_of


class Needs(Enum):
    """Signs around a match that make it an act of the scene: any, those of a moment, none, or a list or log."""

    SCENE = auto()
    MOMENT = auto()
    NOTHING = auto()
    RECORD = auto()


_WHO: Final = rf"(?P<who>{NAME})"
# "Said Commander Okoye".
_TITLES: Final = one_of(word.capitalize() for word in TITLES | frozenset(ROLES))
_TITLE: Final = rf"(?:(?:the |old |young |poor )?{_TITLES}\.? |old |young )?"
# Not the owner of what does it.
_DOER: Final = rf"{_WHO}(?!'s)"
_ACTS: Final = rf"{w.AFTER_NAME}{w.ACTIVE}\b{w.NO_PASSIVE}"
_AND_OTHERS: Final = r"(?:the |his |her |their )?[\w\ue000-\uf8ff]+ "
_ADVERB: Final = r"(?:\w+ly )?"
_MONTH: Final = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_IS: Final = "(?:is|was)"
_HIS: Final = "(?:his|her)"
_THE: Final = "(?:the|an?|his|her)"
# The rest of a clause with one subject, up to another clause.
_ONE_SUBJECT: Final = (
    rf"(?:(?!\b(?:who|whom|that|which|whose|where|because|since|when|if|like|as|than)\b|{NAME})"
)

# Acts that may also be told of the past.
_ANY_ACTS: Final = (
    rf"{_DOER},? {_ACTS}",
    # In apposition, a participle or a relative clause may stand before the verb.
    rf"{_DOER}, (?:[\w'-]+,? ){{1,8}}?(?<=, ){w.ACTIVE}\b{w.NO_PASSIVE}",
    rf"{_WHO} and {_AND_OTHERS}(?:are|were) (?!(?:{w.NO_ACT})\b)\w+ing\b(?![^.;:]* when they\b)",
    rf"\b{_AND_OTHERS}and {_DOER} (?:are|were) (?!(?:{w.NO_ACT})\b)\w+ing\b(?![^.;:]* when they\b)",
    rf"{_WHO} and {_AND_OTHERS}(?:\w+ )?{w.ACTIVE}\b{w.NO_PASSIVE}",
    rf"\b{_AND_OTHERS}and {_DOER} {w.ACTIVE}\b{w.NO_PASSIVE}",
    rf"{_WHO}(?:, {_AND_OTHERS.rstrip()}){{1,3}},? and {_AND_OTHERS}{w.ACTIVE}\b{w.NO_PASSIVE}",
    # What the dead have done as well, done to a small thing at hand: "passed the salt", "ordered another pint".
    rf"{_DOER}(?:, [^.;:“”\"]{{1,60}},|,)? {w.AFTER_NAME}(?:passed|ordered|used|required|needed|missed|wanted) "
    rf"(?:the|an?|another|some|more|two|his|her) (?:[\w-]+ ){{0,2}}?(?:{t.FOOD}|{t.SMALL_THINGS})\b(?!')",
    rf"{_DOER},? {w.AFTER_NAME}made (?:the |some |a (?:pot|cup|mug|face|note|bow|joke|sandwich)\b)?"
    rf"(?:(?:tea|coffee|cocoa|toast|breakfast|lunch|dinner|supper|beds?)\b|(?<=face|note|joke))(?! for a living)",
    rf"{_DOER},? {w.AFTER_NAME}wrote [^.;:“”\"]{{1,40}} on (?:the|a|his|her|\w+'s) (?:back of {_HIS} )?"
    rf"(?:(?:black)?board|wrist|palm|hand"
    r"|napkin|envelope|cuff)\b",
    # "It was Mira who drew the curtains."
    rf"\b[Ii]t (?:was|is) {_WHO} who {w.AFTER_NAME}(?:{w.GESTURES}|{w.AT_HAND})\b{w.NO_PASSIVE}",
    # What is being done by somebody, and has just been.
    rf"\b(?:is|are|was|were|am) (?:still )?being [a-z]+(?:ed|en|wn|ght|ung|ught|t|d)\b [^.;:,“”\"]{{0,40}}?"
    rf"\bby {_DOER}",
    rf"\b(?:was|were|is|are) {_ADVERB}(?:{w.SERVED_BY}) [^.;:,“”\"]{{0,40}}?\bby {_DOER}",
    rf"(?<!\bbe )(?<!\bwas )(?<!\bis )(?<!\bbeen )\b(?:{w.SAID}) {_TITLE}{_DOER}(?! (?:was|had|is"
    rf"|were)\b)",
    rf"\b(?:stood|sat|lay|{w.MOVED}) {_DOER}(?=[,.]| (?:in|at|by|with|on|and|himself|herself)\b)",
    rf"{_WHO} [a-z]+s\b[^.;:“”\"]{{0,60}} and is (?:\w+ )?\w{{3,}}ing\b",
    rf"{_WHO}, who {_IS} (?:\w+ )?\w+ing\b",
    rf"{_WHO}(?:,|, [^,.;:“”\"]{{1,40}},)? (?:is|was|were|has been) (?:\w+ )?(?!(?:{w.NO_ACT})\b)\w{{3,}}ing\b",
    rf"{_WHO}(?: has|'s) {w.HAS_DONE}",
    rf"{_WHO} has (?!(?:{w.INFLUENCED})\b)[a-z]{{2,}}ed\b(?! (?:us|generations|many|all|the (?:world|nation|way))\b)",
    rf"{_WHO} (?:[a-z]{{2,}}s|is to [a-z]+|will [a-z]+)\b"
    r"(?=[^.;:]{0,40} (?:today|tonight|tomorrow|this (?:morning|evening|afternoon))\b)",
    r"\b(?:[Dd]own|[Ii]n|[Oo]ut|[Uu]p|[Bb]ack|[Oo]ff) (?:came|went|walked|ran|strode|marched|rode|jumped|climbed"
    rf"|stepped|hopped|stumbled) {_DOER}",
    # "All eyes were on Mira as she tuned the cello."
    rf"{_WHO} (?:as|while|until|till) (?P<then>she|he) {_ACTS}",
    rf"{_WHO}, who (?:\w+ly )?(?:(?:stood|sat|lay|knelt|crouched|waited) \w+ing|{w.GESTURES}|{w.GESTURES_NOW})\b",
    rf"{_WHO} (?:was|is|felt|looks?|looked|seemed) (?:\w+ly |very |too |quite |so |still |already )?"
    rf"(?:{w.PASSING_STATES})\b(?! dead)",
    # "Before Lucas could answer, Mira had hung up."
    rf"^\W*Before (?:{NAME}|he|she|they|I|we|any(?:one|body)) could [^.;:,]{{1,30}}, {_WHO} (?:had|was)\b",
    rf"{_WHO}(?= (?:has not|hasn't) (?:\w+ed|eaten|come|gone|been|slept|left|seen|said|spoken|told|found|heard) "
    rf"[^.;:]{{0,30}}\b(?:yet|all (?:day|morning|week|night|evening)|since (?:breakfast|lunch|noon|yesterday))\b)",
    rf"{_WHO}'s voice (?:came|called|rang|floated|drifted) (?:\w+ly )?(?:down |up |out |back )?from the (?:\w+ )?"
    r"(?:stairs|kitchen|hall|hallway|landing|garden|doorway|porch|bathroom|cellar|attic|yard|next room"
    r"|other (?:side|room|end))\b",
    rf"\bIt was {_WHO}(?=,? (?:on the (?:telephone|phone|line|stairs)|at the (?:door|window|gate)"
    rf"|with [\w ]{{1,20}} (?:on|in|under) {_HIS}|back|again)\b)",
    rf"{_WHO} is (?:out|away|off|gone)\b[^.;]{{0,40}}\bback (?:by|on|before|in|at)\b",
    rf"{_WHO} had been \w{{3,}}ing\b[^.;]{{0,40}}\b(?:all (?:morning|day|night|evening)|for (?:an hour|hours)"
    rf"|since)\b",
    rf"{_WHO} had \w+(?:ed|en|ne)\b[^.;]{{0,50}}, and (?:(?:she|he) {w.ACTIVE}\b{w.NO_PASSIVE}"
    rf"|{NAME} was \w{{3,}}ing (?:him|her)\b)",
    rf"{_WHO} has (?:just |already |now )?(?:{w.TAKEN})\b",
    rf"{_WHO} has (?:just|already|now) \w+(?:ed|en|ung|own|ome|one|ut|ought|ade)\b",
    # Told in the present tense, with others or with things at hand.
    rf"{_WHO}(?:, {_HIS} [^,.;]{{1,25}},)? {_ADVERB}(?:{w.DOES_TO})\b"
    rf"(?=.*(?:{NAME}|\b(?:you|me|us|him|her|them)\b|\b{_THE} (?:\w+ )?(?:{t.FURNITURE})\b))",
    rf"[”\"],? (?:says|asks|calls|cries|whispers|mutters|answers) {_TITLE}{_DOER}(?=,? and (?:she |he )?[a-z]+s\b)",
    rf"(?<!\b[Aa]s ){_WHO} {_ADVERB}(?:{w.SAYS})[.,:]",
    rf"{_WHO} (?:had|has) {_HIS} (?:feet|hands|elbows?|back|arms?|hat|chin|boots) (?:on|over|under|against|round"
    rf"|around|to) (?!every\b)(?:the|his|her|an?|{NAME}'s)\b",
    rf"{_WHO} (?:had|has) (?!(?:a )?(?:price|blood)\b)(?:\w+ ){{1,3}}(?:on|in|over|under|round|across) {_HIS} "
    rf"(?:{t.WORN_ON})\b",
    # What goes on beside speech: "“Hand me that,” said Ada, and Mira passed it over."
    rf"[”\"],? (?:{w.SAID}) (?:{NAME}|he|she)(?: \w+ly)?, (?:and|but|while|as) {_DOER} (?!had\b|was\b|is\b"
    rf"|would\b)[a-z]+\b",
    rf"[”\"] {_WHO} wanted to know\b",
    rf"[”\"] {_DOER} (?:\w+ly )?(?:commanded|ordered|decreed|announced|declared)(?=[,.]| (?:and|as|with|without|from"
    rf"|over)\b)",
    rf"(?P<open>){_WHO} (?=(?:did not|didn't) (?!(?:{w.NOT_DONE})\b)[a-z]+\b)",
    rf"{_WHO} has been (?:up|out|in bed|away|here|there|at|on|(?!(?:{w.NO_ACT})\b)\w{{3,}}ing)\b(?=[^.;]*\b(?:all "
    rf"(?:night|day|morning"
    r"|week)|since (?!the|his|her|\d)|for (?:an hour|hours)|today)\b)",
    rf"[”\"],? (?:[a-z]+ed|put in|cut in|broke in) {_TITLE}{_DOER}(?=[,.]| (?:and|as|with|without|from|over)\b)",
    rf"{_WHO} signed {_THE} (?:\w+ )?(?:book|programme|receipt|log|form|autograph|cheque|register|chit|slip|menu"
    r"|cast)\b",
    # Where somebody is, and how.
    rf"{_WHO} {_IS} (?:asleep|awake|alive|here|there|back|already|on (?:stage|duty|watch|board|{_HIS} (?:feet|knees"
    r"|way))|up|outside|upstairs|downstairs|at the (?:door|window|table|gate))\b(?! dead)",
    rf"{_WHO}(?: is|'s| was) {w.PLACED}",
    r"\b(?:turned out to be|proved to be|one of (?:them|us) (?:was|is)|among them (?:was|is)|last of them (?:all )?was)"
    rf" {_DOER}(?=[,.;:]|$)",
    rf"{_WHO} {_IS} (?:late|early|out of breath|on the (?:phone|telephone|stairs|roof|line)"
    r"|in the (?:kitchen|garden|bath|next room|doorway))\b",
    rf"{_WHO} (?:{w.WORKS}) (?:here|downstairs|upstairs|nearby|now|at|in|with|on|a|the)\b",
    rf"{_WHO} had on (?:the|an?|his|her)\b",
    rf"(?:{_WHO} and {NAME}) (?:were|are) (?:already |still |both |back )?(?:in|at|on) (?:the"
    rf"|their) (?:\w+ )?(?:{t.ROOMS}|{t.FURNITURE})\b",
    rf"{NAME} and {_WHO} (?:were|are) (?:already |still |both |back )?(?:in|at|on) (?:the"
    rf"|their) (?:\w+ )?(?:{t.ROOMS}|{t.FURNITURE})\b",
    rf"{_DOER} (?:drove|backed|parked|reversed|steered) (?:the|his|her) (?:\w+ )?(?:car|van|lorry|truck|cart|wagon"
    rf"|tractor|jeep|taxi"
    r"|bus) (?:round|back|up|into|out|to|away|off|through|down|in|over|past)\b",
    rf"{_WHO} was (?:the )?(?:first|last|next) (?:across|in|out|up|down|off|through|over|ashore|home|to (?!die\b"
    rf"|be\b)\w+)\b"
    r"(?=[^.;:]*,? and \w+ed\b)",
    rf"{_WHO} had (?:the|an?|his|her) (?!(?:\w+ )?(?:{t.OF_GRAVES})\b)(?:\w+ ){{1,3}}now\b(?=[,.])",
    rf"{_WHO} lives (?:above|next|with|at|across|near|opposite|over the|on the|in the)\b"
    r"(?! (?:hearts?|memory|songs?|pages?|past|minds?))",
    rf"{_WHO} (?:had to|was about to|got to) (?!die\b|be\b|have\b|go\b|give\b|leave\b|fight\b|work\b|sell\b)[a-z]+\b",
    rf"{_WHO} could (?:see|smell|hear|feel|taste) (?:the|his|her|that|it)\b",
    # Whatever is not done, somebody is there.
    rf"{_WHO}(?= (?:would not|wouldn't) (?:sit down|get up|let go|look (?:up|at (?:him|her|them))"
    r"|come (?:in|down|out))\b)",
    rf"{_WHO}(?= (?:did not|didn't) (?:look (?:up|round|back|away)|turn|stir|blink|hurry|sit|get up|raise|wait"
    rf"|notice|seem to (?:notice|hear|mind))\b|(?: could not| can(?:no|')t|couldn't) (?:sleep\b|find {_HIS}|help"
    rf"|stop|resist|keep from)\b)",
    # "Mira's lamp went out, and she swore": the pronoun must mean nobody else.
    rf"{_WHO}(?! (?:was|is|were) (?:the|an?)\b)(?:'s)?{_ONE_SUBJECT}(?!\b(?:he|she|him|her"
    rf"|his)\b)[^.;:“”\"]){{1,80}}?"
    rf",? (?:and|so|but)(?: then| now)? (?P<then>she|he) (?:{_ACTS}|was (?!(?:{w.NO_ACT})\b)\w{{3,}}ing\b)",
    # "The arrow missed King Osric by a hand; he turned in the saddle".
    rf"\b(?:{w.STARTLED}) {_DOER}{_ONE_SUBJECT}[^.;:“”\"]){{0,40}}; (?P<then>she|he) {_ACTS}",
    # Not "a letter in Mira's hand fell out", "the ring on Mira's finger moved".
    rf"(?<!\b[Ii]n )(?<!\b[Oo]n )(?<!\b[Oo]f )(?<!\bfrom ){_WHO}'s (?:\w+ )?(?:{t.BODY})"
    rf" (?:{_ADVERB}(?:{w.MOVES})|(?:was|were|is|are) \w+ing)\b",
    rf"{_DOER} {w.AFTER_NAME}fell (?:asleep|silent|over the|off (?:the|his|her) (?:bicycle|chair|stool|bed|step))\b",
)
# What the dead have done as well, and is an act only with more of a scene around it.
_REMAINING: Final = (rf"{_DOER}(?:, [^.;:“”\"]{{1,60}},|,)? {w.AFTER_NAME}(?:{w.REMAINING})\b{w.NO_PASSIVE}",)
# Acts that only a scene shows.
_SCENES: Final = (
    rf"{_WHO},? (?:{_IS} )?(?:fast |still |sound )?asleep (?:in|on|under|at|against|beside) {_THE} "
    r"(?!grave|tomb|earth|arms|ground|lord)\w+",
    rf"{_WHO}'s (?:{t.BELONGINGS}) (?:{w.STIRRED})\b",
    rf"{_WHO} (?:has|had) (?:an? (?:slight |bad |terrible |splitting )?(?:cold|headache|hangover|black eye"
    r"|toothache|cough|limp|puncture|visitor)|(?:\w+ )?stitches|hiccups|the (?:hiccups|flu))\b",
    rf"{_WHO} {_IS} (?:already |still |back |up )?(?:in|on|at|under|behind) (?:the|his|her) (?:\w+ )?(?:{t.ROOMS})\b",
    # "Go and ask Mira; she is in the yard."
    rf"\b(?:[Aa]sk|[Tt]ell|[Ss]ee|[Ff]ind) {_WHO}(?:[;,]| –| —) (?P<then>she|he) (?:lives|works|knows|keeps|has"
    rf"|sells|sits|stays)\b",
    rf"{_WHO} (?!had\b|was\b)[^.;:“”\"\ue000-\uf8ff]{{0,40}}; (?P<then>she|he) is (?!being|lying|resting"
    rf"|missing)\w{{3,}}ing (?:you|us|me|him"
    r"|them|her|at|in|on|to)\b",
    rf"^\W*(?:\w+, )?(?:[Pp]lease )?(?:[Aa]sk|[Tt]ell|[Rr]emind|[Ww]arn) {_WHO} (?:that|to|if|whether)\b",
    rf"(?P<open>){_WHO} has been (?!dead\b|gone\b|buried\b|missing\b|lost\b|in (?:the|his|her) (?:ground|grave"
    rf"|earth)\b)"
    rf"[^.;:]{{1,30}} since (?:{_MONTH}|\w+day|last \w+|breakfast|noon|yesterday|dawn)\b",
    rf"{_WHO}(?:;|,| –| —) (?P<then>she|he)(?:'s| is) (?:still |back |up |out |down )?(?:(?:in|on|at|under|behind|by)"
    r" (?:the|his|her) (?!grave|tomb|ground|earth|churchyard|cemetery)\w+|(?!being|lying|resting"
    r"|missing)\w{3,}ing\b)",
    rf"{_WHO} is (?:still |already |fast |sound )?(?:asleep|awake|busy|hungry|tired|late|cross|ill)(?=[.,;!])",
    rf"{_WHO} (?:hates|loves|wants|hopes|expects|prefers|intends|plans|needs|owes|dislikes|envies) "
    r"(?!(?:her|his) (?:fame|name|reputation|renown|glory|title|place|rank|fortune)\b"
    r"|(?:her|his|their) readers|posterity|us all)\w+",
    rf"{_WHO} and {NAME} (?:now |both |still )?(?:share|live|work|run|own|keep|want|meet|play|eat|sleep|go|sit"
    rf"|have)\b",
    # Who is there, and what they are about to do, in minutes and invitations.
    r"\b(?:[Pp]resent|[Ii]n attendance|[Oo]n (?:watch|duty|call)|[Ss]peakers?|[Ss]oloists?|[Pp]layers"
    r"|[Ii]n the chair|[Ss]igned|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
    rf": (?:[\w'\ue000-\uf8ff ]+,? )?{_WHO}(?=[.,;]| and\b|$)",
    rf"\b(?:begins|starts|opens|follows|is|are|at) [^.;:]{{0,40}}, with {_WHO} (?:as|on|at|in) (?:the )?\w+(?=[.,;])",
    rf"{_WHO} will (?!(?:be|have|not|never|always|live|lie|rest|rise|return|remain|go on|haunt|stand|find)\b)[a-z]+ "
    r"(?:the|a|an|his|her|you|us|me|at|with|to|in|round|over|on|for|from)\b",
    # What is expected of the living, and what they own and owe.
    rf"{_WHO} (?:will|shall|is going to) be (?:home|back|here|there|along|up|down|late|with (?:you|us))\b",
    rf"{_WHO} is (?:on|off) (?:shift|duty|call|guard|watch|leave|deck|holiday|patrol|strike)\b",
    rf"{_WHO} ordered (?:an?|the|another|some|two|more)? ?(?:\w+ )?(?:{t.FOOD})\b",
    # "Helene walks past", "Delaney gets out on the other side", told in the present tense.
    rf"{_WHO} {_ADVERB}(?:(?:{w.WALKS}) (?:{w.PAST_PLACES})|gets (?:in|out|up|down|off)|sits (?:up|down|back)"
    r"|stands (?:up|back|aside)|turns (?:round|around|away|back)|looks (?:up|away|round|down|back)"
    rf"|(?:stops|pauses) (?:in front of|outside|beside|at|in|by|on) {_THE})\b(?! (?:to|in) (?:history|memory|mind"
    r"|time)\b)(?!,? (?:said|says|ran|read|reads|wrote) )",
    # "The door opened, and it was Mira": somebody turns out to be her.
    rf"\b[Ii]t(?: was|'s| is) (?:only |just )?(?P<appears>){_WHO}(?:'s)?(?=[,.]|$)(?!, (?:who|whose|of all)\b)",
    # "Mira's back", "Mira's on the telephone".
    rf"{_WHO}'s (?:(?:back|home)(?=[.!])|here|in|outside|upstairs|downstairs|asleep|late|on (?:the (?:phone|line"
    rf"|stairs)|{_HIS} way)|at the (?:door|gate|window))(?=[,.!]| (?:for|again|already)\b)",
    rf"\b[Yy]ou and {_WHO} (?!(?:were|are|have|had|go|went|used|always|never|both|will|would|could)\b)[a-z]{{3,}}\b",
    rf"\b[Oo]ut of the \w+ (?:came|rode|walked|stepped|ran|strode|limped|climbed|crept) {_DOER}",
    rf"\b(?:[Oo]ut|[Uu]p|[Ii]n|[Oo]ff) (?:got|jumped|climbed|hopped|stumbled|tumbled) {_DOER}",
    # Told of somebody at work: "With Mira at the wheel, they …".
    rf"^\W*With {_WHO} (?:at|on|behind|beside|in) (?:the|his|her) (?:wheel|reins|helm|oars|tiller|saddle|lead|back"
    r"|side|controls|bow|stern), (?:(?:he|she|they|it|we|I|you)\b|[\ue000-\uf8ff])",
)
# Where somebody is, without a verb: "Piers at the gate, Tam on the wall".
_LISTED: Final = (
    rf"(?:[:;,] |\band ){_WHO} (?:on|at|in|with) (?:the |{NAME}'s )?(?!leave\b|memory\b|memoriam\b)\w+(?=[.,;]|$| "
    rf"and\b)",
)
# Any act that is told in the present tense, unless pictures, works and graves do it as well.
_OPEN: Final = rf"{_DOER}(?:, [^.;:“”\"]{{1,40}},)?(?:,? who| and)? {_ADVERB}(?P<open>{w.DOES_NOW})\b"
ACTS: Final = PatternSet(
    (
        *((lazy_pattern(pattern), Needs.SCENE) for pattern in (*_ANY_ACTS, *ENCOUNTERS, *COMPANY)),
        *((lazy_pattern(pattern), Needs.MOMENT) for pattern in (*_REMAINING, *ONCE)),
        *((lazy_pattern(pattern), Needs.NOTHING) for pattern in (*_SCENES, *MET_IN_SCENES)),
        *((lazy_pattern(pattern), Needs.RECORD) for pattern in _LISTED),
        # Last, so that an act which is known is found as such.
        (lazy_pattern(_OPEN), Needs.SCENE),
    )
)
THEN_ACTS: Final = lazy_pattern(r", and (?:she|he) ")
# "Tam ran.": no summary of a life is so short.
SHORT: Final = lazy_pattern(rf"^\W*{NAME} (?:\w+ly )?(?:{LIVING})\W*$")
