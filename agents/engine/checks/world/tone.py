"""Words that break the tone of a world: cruelty in a gentle one, curses in a clean one, slang in a formal one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from agents.engine.checks.finding import Finding, finding_at
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading
from agents.engine.text.vocabulary import ROLES, SPECIES
from agents.engine.text.word_forms import one_of, word_set
from agents.engine.text.word_pattern import WordPattern
from agents.engine.world import WorldView

_LISTS: Final[dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
# More places of one pattern are not looked at.
_MAX_PLACES: Final = 50

_GENTLE: Final = lazy_pattern(
    r"\b(?:cos[yi]\w*|cozy|family[- ](?:friendly|fare|fun|reading|viewing)|(?:for"
    r"|fit for) (?:the )?(?:whole )?famil(?:y|ies)"
    r"|children'?s|(?:for|suits?) (?:\w+ )?(?:children|kids)|(?:child|kid)-friendly|all ages|gentle|wholesome|bedtime"
    r"|heart-?warming|PG|[GU][- ]rated|rated (?:G|U)|feel-?good|soothing|non-?violent|light-?hearted|young readers"
    r"|(?:ages?|aged) (?:from )?[3-9](?: ?(?:to|-|–|and) ?(?:1[0-2]|[4-9])|\+| and up)|middle[- ]grade|(?:no|without"
    r"|never(?: any)?|not) (?:\w+ )?(?:blood\w*|violen\w+|gore|gory"
    r"|cruel\w*)"
    r"|nothing cruel|picture book)\b|^\W*(?:family|sweet|children|kids)\W*$",
    re.IGNORECASE,
)
# With one of these, a tone is gentle only in part.
_DARK: Final = lazy_pattern(
    r"\b(?:dark\w*|grim\w*|brutal\w*|horror|gor[ey]\w*|blood\w*|violen\w+|merciless|ruthless|cruel\w*|slasher|noir"
    r"|adults?"
    r"|mature|savage|macabre|gritty|bleak|tragic|scary|terrif\w+|at first|on the surface|opening|beneath)\b",
    re.IGNORECASE,
)
_DENIED: Final = lazy_pattern(
    r"\b(?:no|not|never|nothing|without|free of|nor|hardly|anything but|far from|less|isn['’]t|neither)\b[^.;:]{0,40}$",
    re.IGNORECASE,
)
_FORMAL: Final = lazy_pattern(
    r"\b(?:(?:no|without|free of) (?:modern |any )?slang|solemn|formal|restrained|dignified|courtly|stately"
    r"|ceremonious)\b",
    re.IGNORECASE,
)
_CLEAN: Final = lazy_pattern(
    r"\b(?:no|without|free of) (?:\w+ )?(?:swearing|profanity|cursing|curses|bad language|foul language)\b"
    r"|\bnobody swears\b|^\W*clean\W*$|\bclean (?:romance|fiction|reads?|language|humou?r)\b",
    re.IGNORECASE,
)


def _words(name: str) -> str:
    return "|".join(_LISTS[name].split())


def _ing(name: str) -> str:
    """Return the present participles of regular verbs that a list has in the past tense."""
    doubled = {
        "stabbed": "stabbing",
        "flogged": "flogging",
        "clubbed": "clubbing",
        "whipped": "whipping",
        "shot": "shooting",
        "throttled": "throttling",
        "strangled": "strangling",
        "tortured": "torturing",
    }
    return "|".join(doubled.get(verb, verb.removesuffix("ed") + "ing") for verb in _LISTS[name].split())


def _lines(name: str) -> str:
    return "|".join(line for line in _LISTS[name].splitlines() if line)


_SOMEBODY: Final = rf"(?:{_words('somebody')}|{one_of((*ROLES, *SPECIES))}s?)"
_VICTIM: Final = (
    rf"(?:him|her|them|me|us|himself|herself|themselves|(?-i:[A-Z])[\w'-]+|(?:the|an?|his|her|their|two|three|every"
    rf"|each|all|one|another|both|\w+'s) (?:[\w'-]+ ){{0,2}}?{_SOMEBODY})\b"
)
_AGENT: Final = lazy_pattern(
    rf"(?:\b(?:he|she|they|i|we|you|who|someone|somebody)|(?-i:\b[A-Z])[\w'-]+|\b{_SOMEBODY})"
    r"(?: (?:then|had|has|have|also|just|once|\w+ly|in turn|all|both))* $|(?:,| and| then) (?:then |\w+ly )?$",
    re.IGNORECASE,
)
_THING: Final = lazy_pattern(
    rf"^\W*(?:the|a|an|his|her|their|these|those) (?!(?:[\w'-]+ ){{0,2}}?{_SOMEBODY}\b)", re.IGNORECASE
)
_BEATS: Final = "beat|beaten|battered|kicked|whipped|flogged|thrashed|clubbed|bludgeoned|caned|punched"
_WEAPON: Final = (
    r"(?:knife|knives|dagger|blade|sword|axe|hatchet|spear|lance|stake|spike|nail|scissors|fork|pitchfork|poker"
    r"|screwdriver|razor"
    r"|bayonet|harpoon|arrow|hook|cleaver|fists?|boot|knee|bottle|hammer)"
)
_TENDER: Final = rf"(?:{_words('body')}|back|heart|shoulder|mouth|groin|ribs|teeth|lungs?)"
_KILLS: Final = WordPattern.of(
    rf"\b(?:{_words('killing')}) (?:and \w+ )?(?P<whom>{_VICTIM})(?!'s\b(?! (?:heart|chest|back)))(?! (?:an?"
    rf"|another|one|some|his|her|that) (?:[\w-]+ )?(?:looks?|glances?|smiles?"
    rf"|grins?|questions?|warning|stare|frown|line|idea)\b)"
    rf"|\b(?:{_BEATS}|stoned|burned|burnt|hacked|starved|froze|trampled|crushed|stabbed|choked|shook|bled"
    rf"|strangled)(?: \w+ly)?"
    rf" {_VICTIM} (?:to death|alive|to pieces)\b"
    rf"|\b(?:was|were) (?:\w+ly )?(?:{_ing('killing')}) {_VICTIM}"
    rf"|\b(?:{_BEATS}) {_VICTIM} (?:to (?:a pulp|the ground)|senseless|unconscious|bloody|black and blue)\b"
    rf"|\b(?:{_BEATS}|lashed|hit) {_VICTIM} with (?:an?|his|her|the) (?:[\w-]+ )?(?:belt|whip|cane|strap|club"
    rf"|stick|poker|hammer|axe"
    rf"|crowbar|iron|chain|rod|bat|spade|shovel|brick|stone|rock|bottle)\b"
    rf"|\b(?:choked|squeezed|beat|crushed) the (?:life|breath) out of {_VICTIM}"
    rf"|\b(?:put|fired|sent|emptied) (?:an?|the|two|three|his|her|another) (?:\w+ )?(?:bullets?|shots?|arrows?"
    rf"|bolts?|pistol|gun|revolver)"
    rf" (?:through|into|in) (?:{_VICTIM}(?!'s (?:hat|cap|coat|boat|house|door|window))|(?:his|her|its"
    rf"|their) (?:{_words('body')}))"
    rf"|\b(?:drove|plunged|thrust|rammed|stuck|sank|buried|shoved|jammed|stabbed|slid|swung|smashed|slammed"
    rf"|driven|sunk) (?:an?|the|his|her)"
    rf" (?:[\w-]+ )?{_WEAPON} (?:[\w-]+ )?(?:into|through|in|between|across) (?:{_VICTIM}'s|his|her|its|their|my"
    rf"|the) (?:[\w-]+ )?{_TENDER}\b"
    rf"|\b(?:{_BEATS}|hit|struck|smashed|kneed|stamped on|clawed|cut|slashed) {_VICTIM} in the {_TENDER}\b"
    rf"|\b(?:{_BEATS}) {_VICTIM} on the {_TENDER}\b"
    rf"|\bstamped on (?:his|her|its|their|{_VICTIM}'s) {_TENDER}\b|\bbeat up {_VICTIM}|\bbeat {_VICTIM} up\b"
    rf"|\b(?:broke|smashed|shattered|fractured) (?:the (?:\w+ )?{_SOMEBODY}|(?-i:[A-Z])[\w-]+)'s (?:jaw|nose"
    rf"|arm|leg|wrist|ribs?"
    rf"|fingers?|teeth|kneecaps?|skull|cheekbone|collarbone)\b"
    rf"|\bbroke (?:all|two|three|four|most|both|some|one) of (?:his|her|their|{_VICTIM}'s) (?:ribs|fingers|teeth"
    rf"|bones|legs|arms)\b"
    rf"|\b(?:burned|burnt|branded|scalded) {_VICTIM} with (?:an? |the |his |her )?(?:cigarettes?|cigar|iron|poker"
    rf"|boiling|red-hot)\b"
    rf"|\b(?:pressed|held|pushed|clamped) (?:the|a) (?:pillow|cushion|bolster) (?:[\w]+ ){{0,2}}(?:over|on|to"
    rf"|against|onto) (?:his|her|their"
    rf"|{_VICTIM}'s) (?:face|mouth|nose)\b"
    rf"|\b(?:bit|tore|cut|chopped|hacked|ripped|shot|blew|sliced) (?:{_VICTIM}'s|his|her|its"
    rf"|their) (?:{_words('body')}) off\b"
    rf"|\b(?:tore|ripped|blew|cut|pulled|hacked|chopped) {_VICTIM} (?:apart|open|limb from limb|to (?:bits"
    rf"|pieces|shreds))\b"
    rf"|\b(?:left) {_VICTIM} to die\b"
    rf"|\b(?:held|kept|pushed|forced) {_VICTIM}(?: \w+)? under(?: the)?(?: \w+)? water (?:until|till)(?: \w+){{1,3}}"
    rf"|\b(?<!had )(?<!curiosity )killed (?!two birds){_VICTIM}(?:'s (?:[\w-]+ )?{_SOMEBODY})?(?! (?:off"
    rf"|with kindness|laughing|at)\b)"
    rf"|\b(?:ate|eaten|swallowed|gobbled|devoured|skinned|buried|boiled|roasted)(?: up)? {_VICTIM} alive\b"
    rf"|\b(?:{_BEATS}) {_VICTIM} (?:with (?:[\w-]+ ){{1,3}})?(?:until|till) (?:he|she|it|they)\b"
    rf"|\b(?:snapped|broke|wrung|wrings|twisted) (?:his|her|its|their|{_VICTIM}'s) (?:necks?|backs?"
    rf"|spines?)\b(?! (?:with|on) (?:work|laughing))"
)
_KILLED: Final = lazy_pattern(
    rf"\b(?:he|she|they|who|(?-i:[A-Z])[\w'-]+|{_SOMEBODY}|body|bodies|corpse) (?:was|were|had been|has been"
    rf"|lay)(?: \w+ly| \w+)?"
    rf" (?:{_words('killing')}|beaten (?:to death|with an? (?:\w+ )?(?:poker|stick|whip|belt|strap"
    rf"|cane|club|hammer|chain|rod|bat|shovel|bottle))|burned alive|(?:torn|blown) (?:apart|to (?:pieces|bits)"
    rf"|limb from limb)"
    rf"|hacked to death)\b(?!(?<=shot) at\b| dead tired\b)",
    re.IGNORECASE,
)
# Each match of it contains one of these.
_KILLED_WORDS: Final = word_set(f"{_LISTS['killing']} beaten burned torn blown hacked")
_OWNED: Final = r"(?:his|her|their|the|my|your|\S+'s|one|both|two)"
_MAIMS: Final = WordPattern.of(
    rf"\b(?:cut|hacked|chopped|sawed|sliced|bit|tore|ripped|lopped|struck|shot|blew|gouged|cutting|hacking|tearing)"
    rf" (?:off|out|away) (?:{_OWNED} ){{0,2}}(?:[\w']+ ){{0,2}}?(?:{_words('body')})\b"
    rf"|\b(?:cut|slit|slashed|tore|ripped|bit|cutting|slitting)(?: through| open)? (?:[\w']+ ){{1,4}}?throats?\b"
    rf"(?! (?:out )?of the (?!(?:\w+ )?{_SOMEBODY}\b))"
    r"|\bthroats? (?:had been |was |were |hung )?(?:\w+ )?(?:cut|slit|slashed|torn|ripped)\b"
    rf"|\b(?:crushed|smashed|split|caved in|stove in|shattered|battered|cleaved"
    rf"|broke open) (?:[\w']+ ){{1,4}}?(?:skulls?"
    r"|heads?|face|ribs|spine|jaw|brains)\b|\b(?:skull|head|face) (?:was |had been )?(?:crushed|smashed|caved in)\b"
    rf"|\bnailed (?:[\w']+ ){{1,4}}?(?:{_words('body')}) to\b"
    r"|\b(?:belly|bellies|stomach|chest|body) (?:was |had been )?(?:slit|ripped|torn|cut|sliced"
    r"|slashed)(?: wide)? open\b"
    rf"|\b(?:stabbed|shot|knifed|speared|struck) (?:[\w']+ ){{1,3}}?in the (?:heart|chest|belly|throat|back|face|head"
    r"|neck|stomach|gut|eye|ribs)\b|\b(?:stabbed|shot|knifed|hacked at) (?:him|her|them) (?:again|\w+ times|over)\b"
    rf"|\b(?:axe|knife|blade|sword|spear|bullet) (?:\w+ )?(?:split|sank into|went through|opened|tore through"
    rf"|took off) "
    rf"(?:[\w']+ ){{1,4}}?(?:{_words('body')})\b"
)
_WOUND: Final = WordPattern.of(
    rf"\bwith (?:an?|the|his own|her own|\w+'s) (?:[\w-]+ )?{_WEAPON} (?:stuck |still |buried |deep )*(?:in"
    rf"|through|between) (?:his|her|its|their)"
    r" (?:back|chest|throat|heart|neck|skull|head|eye|belly|stomach|ribs|shoulder blades|side|breast|forehead)\b"
    r"|\bwith (?:his|her|its|their) (?:throats?|wrists?|belly|head|skull|face|neck|chest|stomach|tongue|ears?"
    r"|nose|eyes?|hands?|fingers?)"
    r" (?:cut|slit|slashed|torn|ripped|smashed|crushed|caved in|bashed in|blown|broken|hacked|sliced|chopped"
    r"|gouged|missing|crushed in)\b"
    rf"|\b{_WEAPON} (?:\w+ )?(?:(?:was|were|had been) )?(?:sticking|stuck|jutting|protruding|buried|lodged"
    rf"|embedded|stood) (?:\w+ )?(?:of|in|from|between)"
    rf" (?:his|her|its|their|the (?:\w+ )?\w+'s) {_TENDER}\b"
    rf"|\b{_WEAPON} (?:went|slid|sank|drove|bit) (?:in|deep) (?:under|between|below|through|into) (?:the|his|her"
    rf"|its) (?:ribs|heart|lungs?|throat|eye)\b"
    r"|\bfound (?:an?|the|his|her|their|\w+'s) (?:severed |cut-off |bloody |\w+'s )?(?:head|hand|arm|leg|foot"
    r"|ear|finger)"
    r" (?:in|under|on|behind) (?:the|an?)\b(?! (?:air|tiller|wheel|table|rail|door|water))"
    r"|\b(?:rest|most) of (?:him|her|them),? (?:\w+ )?in pieces\b"
    rf"|\b(?:heads?|hands?|arms?|legs?|ears?|nose|fingers?|feet|tongue) (?:had been|was|were) (?:\w+ )?(?:cut"
    rf"|hacked|chopped|torn|bitten|shot|blown|sliced) (?:clean )?off\b"
)
_GORE: Final = WordPattern.of(rf"(?<![\w-])(?:{_lines('gore')}|{_lines('bloodshed')})(?![\w-])")
_BARE: Final = WordPattern.of(r"(?<![\w-])(?:blood|corpses?|gore|bleeding|murder(?:ed|er|s)?)(?![\w-])")
_HARMLESS: Final = lazy_pattern(rf"\b(?:{_lines('harmless')})\b", re.IGNORECASE)
_MILD: Final = lazy_pattern(rf"\b(?:{_lines('mild')})\b", re.IGNORECASE)
_PROFANE: Final = WordPattern.of(rf"(?<![\w-])(?:{_lines('profanity')})(?![\w-])")
_SLANG: Final = WordPattern.of(rf"(?<![\w-])(?:{_lines('slang')})(?![\w-])")
# A word of which the text only speaks: "“Damn” was not a word that one said".
_MENTIONED: Final = lazy_pattern(
    r"[^“”\"]{0,12}[”\"],? (?:was|is|were|being) (?:not |never |hardly )?(?:an?|the|something|what|how)\b",
    re.IGNORECASE,
)


def check_tone(world: WorldView, reading: Reading) -> Iterator[Finding]:
    if not world.tone.strip():
        return
    for breach in _BREACHES:
        if breach.asks(world.tone):
            yield from _found(world, reading, breach)


def _asked(pattern: re.Pattern[str], tone: str) -> list[re.Match[str]]:
    """Return the matches in a tone that it does not deny: not in "anything but cosy"."""
    return [found for found in pattern.finditer(tone) if not _DENIED.search(tone, 0, found.start())]


def _is_formal(tone: str) -> bool:
    return bool(_asked(_FORMAL, tone))


def _is_gentle(tone: str) -> bool:
    """Return whether a tone is gentle throughout: not "cosy horror"."""
    gentle, dark = _asked(_GENTLE, tone), _asked(_DARK, tone)
    return bool(gentle) and not any(
        all(mild.end() <= found.start() or found.end() <= mild.start() for mild in gentle) for found in dark
    )


def _killed(reading: Reading) -> Iterator[re.Match[str]]:
    """Yield what may say that somebody was killed; the first word of it is anybody's name."""
    return reading.matches(_KILLED, _KILLED_WORDS)


@dataclass(frozen=True, slots=True)
class _Breach:
    """A breach of the tones for which ``asks`` is true, at a place that ``find`` yields and ``holds`` accepts."""

    asks: Callable[[str], object]
    find: Callable[[Reading], Iterator[re.Match[str]]]
    holds: Callable[[Reading, re.Match[str]], bool]
    why: str
    is_hint: bool = False


def _found(world: WorldView, reading: Reading, breach: _Breach) -> Iterator[Finding]:
    seen: set[str] = set()
    for found in islice(breach.find(reading), _MAX_PLACES):
        key = found.group().casefold()
        if key not in seen and breach.holds(reading, found):
            seen.add(key)
            words = reading.quote(*found.span())[0]
            doubt = ", unless it is harmless here" if breach.is_hint else ""
            yield finding_at(
                reading,
                found.span(),
                kind="tone",
                source_id="tone",
                statement=world.tone,
                why=f"“{words}” {breach.why}{doubt}.",
                strength="hint" if breach.is_hint else "proven",
            )


def _is_said(reading: Reading, found: re.Match[str]) -> bool:
    """Return whether somebody uses the words, rather than speaking of them."""
    return _MENTIONED.match(reading.plain, found.end(), found.end() + 60) is None


def _is_shown(reading: Reading, found: re.Match[str]) -> bool:
    sentence = reading.sentence_at(found.start()).text
    return (
        _MILD.search(sentence) is None
        and _HARMLESS.search(sentence) is None
        and reading.is_asserted(*found.span())
    )


def _is_done(reading: Reading, found: re.Match[str]) -> bool:
    """Return whether it is done by somebody: a curtain strangles nobody."""
    sentence = reading.sentence_at(found.start())
    before = sentence.text[: found.start() - sentence.start]
    if before.strip(" “\"'") and _AGENT.search(before) is None:
        return False
    subject = re.split(r"[;:—–.]", before)[-1]
    is_thing = (
        _THING.match(subject) is not None and re.search(r"[A-Z]|\b(?:he|she|they|who)\b", subject[4:]) is None
    )
    return not is_thing and _is_shown(reading, found)


_IS_CRUEL: Final = "is cruel, and this world is not"
_IS_CURSE: Final = "is a curse, and this world has none"
_BREACHES: Final = (
    _Breach(_is_gentle, _KILLS.find, _is_done, _IS_CRUEL),
    _Breach(_is_gentle, _killed, _is_shown, _IS_CRUEL),
    _Breach(_is_gentle, _MAIMS.find, _is_shown, _IS_CRUEL),
    _Breach(_is_gentle, _WOUND.find, _is_shown, _IS_CRUEL),
    _Breach(_is_gentle, _GORE.find, _is_shown, _IS_CRUEL),
    _Breach(_is_gentle, _BARE.find, _is_shown, _IS_CRUEL, is_hint=True),
    _Breach(_is_gentle, _PROFANE.find, _is_said, _IS_CURSE),
    _Breach(_CLEAN.search, _PROFANE.find, _is_said, _IS_CURSE),
    _Breach(_is_formal, _SLANG.find, _is_said, "is slang, and this world has none"),
)
