"""The language that a request asks for, as in "Write it in German", "auf Deutsch, bitte" or "用中文写".

Only plain forms count. "A duel in the French style", "Anna answers in German" and "in German uniforms" ask for nothing.
"""

from __future__ import annotations

import re
from typing import Final

from agents.engine.text.languages.names import code_of, names_in
from agents.engine.text.lazy_pattern import lazy_pattern

# A long request asks for its language at the beginning or at the end.
_READ_CHARS: Final = 2_000
_SENTENCE_CHARS: Final = 200

_SENTENCE_LIMITS: Final = ".!?;\n。！？；"

_PLEASE: Final = (
    r"please|only|throughout|bitte|nur|s['’]il (?:te|vous) pla[iî]t|por favor|per favore|alstublieft|graag|proszę"
    r"|пожалуйста|будь ласка|tack|takk|tak"
)
_INTO: Final = lazy_pattern(
    r"(?:^|(?<=[\s(\[,]))(?:in|into|in het|auf|ins|en|em|po|w języku|på|по|на|dalam bahasa)[\s-]+(?:[^\W\d_]+\s+)?$",
    re.IGNORECASE,
)
# An adverb needs no preposition: suomeksi, magyarul, česky.
_ADVERB: Final = lazy_pattern(r"\w+(?:ksi|ul|ül|cky|sky)", re.IGNORECASE)

# A sentence that says how to write begins so.
_ORDER: Final = lazy_pattern(
    rf"\W*(?:(?:{_PLEASE}|now|and|then|you (?:must|should))\W+)*(?:"
    r"write|answer|respond|reply|narrate|compose|draft|produce|output|generate|give|create|make|continue|tell"
    r"|translate"
    r"|schreib\w*|antworte\w*|verfass\w*|erzähl\w*|formulier\w*|übersetz\w*"
    r"|[ée]cri(?:s|vez)|r[ée]digez?|r[ée]pond(?:s|ez)|racontez?|escrib\w+|redact\w+|respond\w+|contest\w+"
    r"|scriv\w+|rispond\w+"
    r"|raccont\w+|escrev\w+|redij\w+|cont[ae]|schrijf|antwoord|vertel|napisz|pisz|odpowiedz|opowiedz"
    r"|(?:на)?пиши(?:те)?|ответь(?:те)?|расскажи(?:те)?|skriv|svara?|berätta|fort(?:æl|ell)|kirjoita|vastaa|írj\w*"
    r"|napiš|tulis\w*"
    r"|(?:i|we)(?:['’]d| would)? (?:want|need|prefer|like) (?:it|this|that|everything|(?:the|a|your) \w+(?: \w+)?)"
    r"|(?:the|this) whole (?:thing|text|story|scene)"
    r"|(?:an?|one)?\s*(?:[\w-]+\s+){0,2}(?:scene|story|tale|poem|chapter|text|description|passage)"
    r"|(?:(?:the|your|all|my|this)\s+)?(?:[\w-]+\s+)?(?:text|scene|story|answer|output|prose|result|everything"
    r"|all|it|this)"
    r"\s+(?:should|must|ha(?:s|ve) to|needs? to|is to)\s+be(?:\s+(?:written|told))?"
    r")\b",
    re.IGNORECASE,
)
# Words after which the language belongs to the story: a scene with a letter in Latin, a man who answers in German.
_IN_THE_STORY: Final = lazy_pattern(
    r"\b(?:where|who|which|that|when|whose|how|with|containing|including|featuring|having|written|spoken|sung"
    r"|inscribed"
    r"|carved|whispered|printed|speak\w*|talk\w*|sing\w*|swear\w*|pray\w*|reads?|reading|says?|said|not|never"
    r"|nicht|nie|kein\w*|wo|wie|der|pas|jamais|qui|que|où|non|che|não|niet|die|waar|nie|inte|ikke|не)\b|,",
    re.IGNORECASE,
)
_LABEL: Final = lazy_pattern(
    r"\W*(?:the\s+)?(?:output |answer |target |text )?(?:language|lang|sprache|langue|idioma|lingua|língua|taal|språk"
    r"|sprog|język|язык|мова|语言|語言|言語|언어)(?: of the \w+)?\W*(?:[:=：]|\bis\b|should be|must be)\W*",
    re.IGNORECASE,
)
# "Use German.", "It must be Spanish.", "German only."
_USE: Final = lazy_pattern(
    rf"\W*(?:(?:{_PLEASE})\W+)?(?:use|(?:(?:it|this|the (?:text|answer|scene|story|output)) )?(?:must|should"
    rf"|has to) be)"
    r"\s+(?:only\s+)?",
    re.IGNORECASE,
)
_ONLY_NEXT: Final = lazy_pattern(r"\s+(?:only|please)\W*$", re.IGNORECASE)
_ONLY_FILLER: Final = lazy_pattern(
    rf"(?:\W|\b(?:all|everything|entirely|strictly|and|{_PLEASE})\b)*", re.IGNORECASE
)

_LANGUAGE_WORD: Final = r"\s*(?:language\b|язык\w*|мов\w+)?"
_PLEASE_NEXT: Final = lazy_pattern(rf"{_LANGUAGE_WORD}[\s,]+(?:{_PLEASE})\b", re.IGNORECASE)
_NOTHING_NEXT: Final = lazy_pattern(rf"{_LANGUAGE_WORD}\W*$", re.IGNORECASE)
# No noun that the name of the language could describe.
_NO_NOUN_NEXT: Final = lazy_pattern(
    rf"{_LANGUAGE_WORD}(?:\s*(?:$|[.,;:!?)\]\"”—–])|\s+"
    r"(?:and|too|as well|with|about|for|so|of|über|sur|sobre|su|over|o|об?|про)\b)",
    re.IGNORECASE,
)
# Chinese, Japanese and Korean: what stands before and after the name.
_UNSPACED_ORDERS: Final = (
    (lazy_pattern(r"[用以]$"), lazy_pattern(r"来?(?:写|寫|回答|撰|创作|創作|书写|作答|叙述|输出|讲|$)")),
    (lazy_pattern(r""), lazy_pattern(r"で(?:書|答|お願い|回答|執筆|出力|$)")),
    (lazy_pattern(r"(?:^|\s)$"), lazy_pattern(r"\s+(?:olarak\s+)?(?:yaz|cevapla|yanıtla|anlat)\w*\W*$")),
    (lazy_pattern(r""), lazy_pattern(r"로\s*(?:써|쓰|작성|답|적어|부탁|출력|$)")),
)
_GERMAN_CASE: Final = lazy_pattern(r"\bin (?:\w+ )?(\w+)er Sprache\b", re.IGNORECASE)


def requested_languages(request: str) -> set[str]:
    """Return the codes of the languages that ``request`` plainly asks for, mostly none."""
    if len(request) > 2 * _READ_CHARS:
        request = f"{request[:_READ_CHARS]}\n{request[-_READ_CHARS:]}"
    asked = {code for start, end, code in names_in(request) if _is_asked_for(request, start, end)}
    return asked | {
        code for match in _GERMAN_CASE.finditer(request) if (code := code_of(match[1])) is not None
    }


def _is_asked_for(request: str, start: int, end: int) -> bool:
    first = max(request.rfind(limit, 0, start) for limit in _SENTENCE_LIMITS) + 1
    last = min(
        (at for limit in _SENTENCE_LIMITS if (at := request.find(limit, end)) >= 0), default=len(request)
    )
    first, last = max(first, start - _SENTENCE_CHARS), min(last, end + _SENTENCE_CHARS)
    before, name, after = request[first:start], request[start:end], request[end:last]
    if any(head.search(before) and tail.match(after) for head, tail in _UNSPACED_ORDERS):
        return True
    if _LABEL.fullmatch(before):
        return True
    if (_USE.fullmatch(before) and (_NOTHING_NEXT.match(after) or _ONLY_NEXT.match(after))) or (
        not before.strip() and _ONLY_NEXT.match(after)
    ):
        return True
    into = _INTO.search(before)
    if into is None and not _ADVERB.fullmatch(name):
        return False
    lead = before[: into.start()] if into else before
    if _ONLY_FILLER.fullmatch(lead):
        return bool(_NOTHING_NEXT.match(after) or _PLEASE_NEXT.match(after))
    if _PLEASE_NEXT.match(after):
        return True
    order = _ORDER.match(lead)
    return bool(order and not _IN_THE_STORY.search(lead, order.end()) and _NO_NOUN_NEXT.match(after))
