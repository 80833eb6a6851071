"""Patterns of what others do to somebody or with them, as they can only with the living."""

from __future__ import annotations

from typing import Final

from agents.engine.checks.characters.cast.people import NAME
from agents.engine.checks.characters.death import things as t
from agents.engine.checks.characters.death import words as w

_WHO: Final = rf"(?P<who>{NAME})"
# "Mira", or "her sister Mira".
_WHOM: Final = rf"(?:(?:his|her|my|our|their) (?:{w.KINSMEN}),? )?{_WHO}(?!'s)"
_HIM: Final = "(?:him|her|them)"
_HIS: Final = "(?:his|her)"
_THE: Final = "(?:the|an?|his|her)"
_NOT_SUBJECT: Final = r"(?! (?:was|had|is|were|lay)\b)"
# Whoever meets them.
_SOMEBODY: Final = rf"{NAME}|\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er) (?:\w+ )?(?:{w.SOMEBODY})"
_SEE: Final = r"\b(?:could|can) (?:now |already |clearly )?(?:see|hear)"
_OF_US: Final = r"\b(?:[Tt]here were|[Ww]e were|[Tt]hat made) (?:only )?\w+ of us\b[^.;:]{0,30}"
_COUNT: Final = "(?:[Ww]e|[Tt]hey|[Tt]here) were (?:two|three|four|five|six|seven)"

# Those that may also be told of the past.
ENCOUNTERS: Final = (
    # Together with somebody.
    rf"\b(?:{w.TOGETHER}) (?:(?:right|just|close|home|back|out|off|on|up|down|away|again|all day|along) ){{0,2}}"
    rf"(?:with|beside|next to|opposite|behind|alongside|across from|between|in front of) {_WHOM}{_NOT_SUBJECT}",
    rf"\b(?:had|got) {_WHOM} (?:back|out|up|in|to (?:supper|dinner|tea|lunch)|home)(?=[,.]| (?:and|by|before|at)\b)",
    rf"\barm in arm with {_WHOM}",
    rf"\b(?:met|passed|overtook|greeted) {_WHOM}, who (?:\w+ly )?(?:(?:lifted|raised|tipped|touched|took off) {_HIS}"
    r" (?:hat|cap)|waved|bowed|nodded|smiled|stopped|was (?:carrying|leading|pushing|walking|coming))\b",
    rf"\bwith {_WHOM} (?:beside|behind|next to|opposite|at|by|on) (?:{_HIM}|his|their)\b",
    r"\bwent (?:fishing|hunting|riding|swimming|skating|dancing|sailing|shopping|walking)"
    rf" with {_WHOM}",
    rf"\b(?:ran|walked|went|came|hurried|marched|limped|strolled|strode) (?:straight |right )?(?:up|over|across|down)"
    rf" to {_WHOM}(?=[,.]| and\b)",
    # Meals and games are with the living.
    rf"\b(?:had|have|has|having|over) (?:an? |the |their |our )?(?:\w+ )?(?:{t.COMPANY}) with {_WHOM}",
    # What is done for somebody or to them.
    rf"\bheld {_THE} (?:umbrella|lamp|lantern|candle|torch|light|mirror) (?:over|up to|for|to) {_WHOM}",
    rf"\bput {_THE} (?:coat|cloak|blanket|rug|shawl|arm) (?:round|around) {_WHOM}",
    rf"{NAME} (?:\w+ly )?(?:{w.GIVES}) {_WHOM}",
    rf"{NAME} sent {_WHOM} (?!to {_HIS} (?:death|grave)\b)(?:to|for|off|out|home|back|in|down|up|into|ahead|away"
    r"|across)\b",
    rf"\b(?:bought|stood) {_WHOM} (?:an?|the|another|his|her|some)\b",
    rf"\b(?:{w.GAVE}) {_WHOM} (?:an?|the|her|his|another|some|one)\b",
    r"\b(?:handed|gave|passed|brought|threw|tossed|showed|offered|lent|returned|slid) (?:it|them|him|her|(?:the"
    r"|an?|his"
    rf"|her|their|some|another) (?:[\w-]+ ){{1,3}}?)(?: ?over| ?back| ?across)? ?to {_WHOM}(?! (?:was|had|is)\b)",
    rf"\bshared (?:an?|the|his|her|their) (?:\w+ )?\w+ with {_WHOM}",
    rf"\b(?:barked|growled|hissed|shouted|smiled|waved|laughed|swore|threw|yelled|stared) at {_WHOM}{_NOT_SUBJECT}",
    rf"\blet {_WHOM} (?:through|past|in|out|off)\b(?! of)",
    rf"\b(?:heard|saw|watched|smelled|smelt|felt|noticed) {_WHOM} \w+ing (?:about|around|upstairs|overhead|in|at|on"
    r"|down|up|out|past|across|the|his|her|to|with)\b",
    rf"\b(?:{w.TURNED_TO}) {_WHOM}{_NOT_SUBJECT}",
    rf"\b(?:{w.TEASED}) {_WHOM}{_NOT_SUBJECT}",
    rf"\b(?:{w.STRUCK}) {_WHOM}(?=,| (?:once|again|twice|on|in|and|hard|so)\b)",
    rf"\b(?:{w.PULLED}) {_WHOM} (?:up|to {_HIS} feet|off|in|along|across|back|over|down|aside|into|through|out"
    r"|onto)\b",
    r"\b(?:knelt|bowed|curtsied|saluted|apologised|apologized|complained|reported) (?:down )?"
    rf"(?:to|before|in front of) {_WHOM}(?=[,.]| and\b)",
    rf"\b(?:followed|helped|pushed|walked|drove) {_WHOM} (?:to the|into|up|down|across|through|out|home|back)\b",
    rf"\b(?:kissed|hugged|embraced|slapped|greeted|handcuffed|shook hands with|argued with) {_WHOM}"
    rf"(?=[,.;]| (?:and|on|again|goodbye|good (?:night|morning))\b)",
    # Whatever somebody does to them, unless the dead can be its object as well.
    rf"(?:{_SOMEBODY}) (?:\w+ly )?(?!(?:{w.OF_MEMORY})\b)(?:[a-z]{{2,}}ed|{w.DEALT_WITH}) {_WHOM}"
    r"(?! (?:was|had|is|were|lay|on (?:the|a) (?:head|back)line)\b)",
    rf"[”\"] (?:{NAME}|[Ss]he|[Hh]e|[Tt]hey|I) (?:told|asked|answered|warned|begged|reminded|assured) {_WHOM}"
    r"(?=[.,;]| and\b)",
    r"\b(?:has|have) (?:locked|put|tied|shut|dragged|carried|promoted|sacked|hired|fired|fined|invited|arrested"
    r"|caught|captured|hidden"
    r"|freed|released|fed|woken|sent|asked) {_WHOM}"
    r"(?=[,.;]| (?:in|up|to|for|again|into|out|home)\b)",
    rf"\b(?<!had )put (?:the )?(?:cuffs|handcuffs|irons|blindfold|ring|crown|medal) on {_WHOM}",
    rf"\b(?:sent|e-mailed|mailed|wired) {_WHOM} an? (?:\w+ )?(?:e-mail|message|text|note|wire|telegram|card)\b",
    # What only the living lend, get or wear.
    rf"\b(?:borrowed|begged|snatched|rented|grabbed) [^.;:“”\"]{{1,30}} from {_WHOM}",
    rf"\b(?:on to|onto|into|in|on|against|from) {_WHO}'s (?:lap|knees?|arms?|shoulder|sleeve|feet|elbow|plate"
    r"|glass|cup)\b",
    rf"\b(?:hands?|arms?|head|cheek) (?:on|round|around|against|over|about|through) {_WHO}'s"
    r" (?:shoulders?|arm|waist|knee|neck|back)\b",
    rf"\b(?:took|seized|caught|grabbed|led|pulled|dragged|gripped|held) {_WHOM} by (?:the|one|his"
    rf"|her) (?:\w+ )?(?:elbow|arm|hand|sleeve"
    r"|collar|shoulder|wrist)\b",
    rf"\bheard {_WHO}'s voice (?:in|from|behind|through) the (?:\w+ )?(?:{t.ROOMS}|door)\b",
    rf"\b[Aa]t {_WHO}'s (?:nod|signal|sign|elbow|knock|whistle|call|order|command)\b",
    rf"\b(?:shook|took|held|kissed|grasped|seized|pressed) {_WHO}'s (?:hand|arm|cheek|fingers)\b",
    rf"{_WHO} was (?:shown in|ushered in|helped (?:in|out|up|down|into|onto)|handed|offered"
    r"|introduced to|interrupted by|woken by)\b",
    # How somebody is seen, heard or found.
    # To hear somebody say a thing is to imagine it.
    rf"{_SEE} {_WHOM} (?!saying|telling)\w+ing\b",
    rf"{_SEE} {_WHOM} (?:at|by|on|behind) the (?:window|door|gate|table|stairs|piano|desk|counter)\b",
    rf"\b(?:found|met|saw|caught|passed|heard|left) {_WHOM} (?:asleep|awake|alone|at work|at {_HIS} \w+)\b",
    rf"\b(?:heard|watched|saw) {_WHOM} (?:{w.SEEN_TO})\b",
    rf"\b(?:heard|watched|saw) {_WHOM} (?!(?:{w.DYING}|swing|sink|perish|{w.FUNCTION}|last|first|then|that|this|again"
    r"|clearly|today|only|yesterday|never|home|twice|often)\b)[a-z]{2,}(?<!ed)(?<!s)(?<!ly)(?<!ing)(?<!self)"
    rf" (?:{_THE}|up|down|in|into|out|off|over|to|across|on)\b",
    rf"\b(?:made|let) {_WHOM} (?!(?:{w.DYING}|down|go|be|in the|in his|in her)\b)"
    rf"(?:in|out|past|through|(?!(?:{w.FUNCTION})\b)[a-z]{{2,}}(?<!ed)(?<!s)(?<!ly)(?<!ing))"
    r"(?=[,.;]| (?!of\b|than\b))",
    rf"\b(?:heard|hear|smell|smelled|smelt) {_WHO}'s (?:cigarette|pipe|cooking|key|steps?|footsteps|boots"
    r"|cough|sneeze|car|whistle)\b",
    # Not the body: "found Kit Delaney on the pier".
    rf"\bfound {_WHOM} [^.;:“”\"]{{0,40}}?\b(?:asleep|awake|(?!(?:{w.LIES})\b)[a-z]{{3,}}ing)\b",
    rf"\b(?:found|met|saw|noticed|spotted|spied|caught|passed|joined|visited|greeted|kissed|thanked|followed"
    rf"|watched) {_WHOM}"
    r"(?! (?:in|at|on) the (?:foot|bottom|river|pond|ditch|snow|water|mud|ruins|rubble|wreck\w*|rocks|floor|shore)\b)"
    r"(?! in (?:[\w'-]+ ){0,3}(?:face|eyes|smile|walk|hands|voice|son|daughter|child|mirror)\b)"
    r" (?:in|on|at|by|with (?:his|her|the|an?)|asleep|waiting|coming|outside|there|here|\w+ing)\b",
    rf"\b(?:[Tt]here (?:was|is|stood|sat|came)|[Hh]ere (?:was|is|came|comes)) {_WHOM}(?=,? \w+ing\b"
    r"|, (?:[\w-]+-deep|soaked|wet|white|red|barefoot|asleep|breathless|smiling) "
    r"|, (?:in|on|at|by|under|behind) (?:the|a|his|her) \w+(?:,| \w+ing\b)| in (?:a|the|his|her)\b"
    r"| with (?:a|the|his|her)\b| at the (?:bar|door|window|gate|table|counter|wheel|well|stove)\b)",
)
# Those that only a scene shows.
MET_IN_SCENES: Final = (
    r"\b(?:was|were|is|are) (?:all )?(?:at|in|on|round) [^.;:“”\"]{1,40}, (?:even|and even|including)"
    rf" {_WHOM}(?=[.,;])",
    # "There were nine of us, Tam among them."
    rf"{_OF_US}, {_WHO} among (?:us|them)\b",
    rf"{_OF_US}: [^.;:]{{1,60}},? and {_WHO}(?=[.,])",
    # The last of those who are there.
    rf"\b{_COUNT} (?:of them |of us )?(?:at|in|on|round|around) (?:the )?\w+: [^.;:]{{1,80}},? and {_WHO}(?=[.,])",
    rf"\b(?:[Ww]as|[Ww]ere|[Aa]m|[Ii]s|[Aa]re) \w+ing (?:cards|chess|dice|draughts|football|tennis"
    rf"|snap) with {_WHOM}",
    rf"\b(?:bumped|ran|walked|blundered|crashed|barged) (?:straight |right )?into {_WHOM}"
    r"(?=[,.]| (?:on|in|at|by|outside|coming|again)\b)",
    r"\b(?:[Yy]ou|I|[Ww]e) (?:follow|help|meet|find|pass|join|kiss|hug|greet|nod to|wave to|sit (?:with|beside)"
    rf"|walk (?:with|beside)|hand|give) {_WHOM}(?! through the\b| (?:was|is|had|used)\b)",
    r"\b(?:dried|brushed|combed|stroked|buttoned|bandaged|squeezed|patted|tugged|lit|held|ruffled|grabbed|caught) "
    rf"{_WHO}'s (?:hair|hands?|arms?|fingers|wrist|shoulder|knee|cheek|cigarette|sleeve|collar|elbow)\b",
    rf"\b(?:[Bb]ehind|[Bb]eside|[Oo]pposite|[Aa]t|[Bb]y|[Nn]ear) (?:the|a|his|her) (?:\w+ )?(?:{t.STATIONS})"
    rf" (?:was|is|stood|stands|sat|sits) {_WHO}(?=, (?:\w+ing|with|his|her)\b)",
    rf"\b(?:watched|saw|heard) (?:his|her|their) \w+, {_WHO}, (?!who\b)[a-z]+ {_THE}\b",
    rf"\bcan (?:now |already )?(?:see|hear) {_WHOM} \w+ing\b",
)
