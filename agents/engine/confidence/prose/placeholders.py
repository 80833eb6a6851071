"""Placeholders that a model did not fill in: template fields and instructions in brackets."""

from __future__ import annotations

import re
from typing import Final

from agents.engine.confidence.prose.marks import MarkKind, kind
from agents.engine.text.lazy_pattern import lazy_pattern

# A placeholder in brackets is made of these words alone, such as "[CHARACTER NAME]". Stories have others in brackets:
# "[static]", "[ACCESS DENIED]", "[Skill: Swordsmanship]".
_NOUN_LIST: Final = """
    name names surname firstname lastname fullname nickname username charname character characters char protagonist
    antagonist user persona bot place placeholder location setting city town village date age gender pronoun
    pronouns noun
    verb adjective adverb occupation profession relationship genre todo tbd tbc text description dialogue backstory
    motivation details nom prénom personnage lieu ville nombre personaje lugar ciudad nome personaggio luogo città
    personagem cidade ort stadt figur имя имени персонаж персонажа место город
    角色名 名字 姓名 地点 名前 キャラクター名 이름
"""
_FILLER_LIST: Final = """
    a an the of s your his her their my our this that first last full main second third other another some any
    new in to
    here goes be and or if e g i d id no number hero heroine villain title item object family given x y n
    ihr ihre ihres dein deine der die das des votre ton ta le la les du de su tu el del il lo o da do
    вашего ваше ваш героя
"""
_NOUNS: Final = frozenset(_NOUN_LIST.split())
_WORDS: Final = _NOUNS | frozenset(_FILLER_LIST.split())
_IDENTIFIER: Final = lazy_pattern(r"[a-z_][a-z0-9_.]+(?:'s)?|[A-Z][A-Z0-9_]+|0?")

_THINGS: Final = r"(?:names?|descriptions?|details?|locations?|scene|dialogue|text|characters?)"
_INSTRUCTION: Final = (
    r"[\[{<【](?=[ \t]{0,4}\w)[ \t]{0,4}(?i:insert|fill in|replace with|specify|placeholder|todo\b|tbd\b"
    r"|to be (?:added|written|determined)"
    rf"|(?:add|enter|choose|pick|include|write|give|provide|describe|expand)\b[^\[\]{{}}<>\n]{{0,40}}\b{_THINGS}\b"
    r"|insér(?:er|ez)|inserire|inserisci|inserir|insira|invoegen|wstaw|вставьте|вставить|插入|请填写|ここに|여기에"
    r"|[\w '’-]{0,40}\beinfügen\b)[^\[\]{}<>\n]{0,80}[\]}>】]{0,2}"
)


def _is_placeholder(match: re.Match[str]) -> bool:
    words = re.findall(r"[^\W\d_]+", match.group(1).casefold())
    return not _NOUNS.isdisjoint(words) and _WORDS.issuperset(words)


def _is_template_field(match: re.Match[str]) -> bool:
    return _IDENTIFIER.fullmatch(match.group(1)) is not None or _is_placeholder(match)


_NOUN: Final = "a placeholder"

PLACEHOLDERS: Final[tuple[MarkKind, ...]] = (
    kind(_NOUN, "{{ }}", r"\{\{(?:[^{}\n]{0,60}+\}{1,2}| ?[\w.]*)|\w\}\}"),
    kind(_NOUN, "${ {% <%", r"(?:\$\{|\{%|<%)[^{}<>\n]{0,60}+[}%>]{0,2}"),
    kind(_NOUN, "{", r"\{([^{}\n]{0,40}+)\}", _is_template_field),
    kind(_NOUN, "[ { < 【", _INSTRUCTION),
    kind(_NOUN, "[ 【 ［", r"[\[【［]([^\[\]【】［］\n]{1,60}+)[\]】］]", _is_placeholder),
    kind(_NOUN, "<", r"<([^<>/\n]{1,60}+)>", _is_placeholder),
    kind(_NOUN, "__", r"__([A-Za-z](?:[A-Za-z ]|_(?!_)){0,40}+)__", _is_placeholder),
    kind(_NOUN, "#", r"#([A-Z][A-Z_ ]{1,30}+)#", _is_placeholder),
    kind(_NOUN, "@@", r"@@([A-Z][A-Z_ ]{1,30}+)@@", _is_placeholder),
    kind(_NOUN, "[object NaN", r"\[object Object\]|\bNaN\b"),
    kind("a note to the author", "TODO: FIXME: TK", r"\b(?:TODO|FIXME):|\bTK ?TK\b", is_code=True),
    kind(_NOUN, "%", r"%[A-Z][A-Z_]+%|%\(\w{1,30}\)[sd]|(?<![\w%])%s\b"),
    kind(
        _NOUN,
        "INSERT",
        r"\bINSERT (?:[A-Z]+ ){0,3}(?:NAME|CHARACTER|LOCATION|DESCRIPTION|TEXT)S?\b(?: HERE)?",
    ),
    kind(_NOUN, "orem ipsum", r"\b[Ll]orem ipsum\b"),
)
