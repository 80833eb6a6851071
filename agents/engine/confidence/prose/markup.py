"""Control tokens, tags, escape sequences, HTML and Markdown, none of which belongs into prose."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Final

from agents.engine.confidence.prose.marks import MarkKind, kind

_HTML_TAG_LIST: Final = """
    a b i u p s em strong br div span h1 h2 h3 h4 h5 h6 ul ol li img hr blockquote pre code table tr td th tbody thead
    sub sup small font center body html head script style section article details summary del ins mark q cite
"""
# Tags in which models wrap an answer or a part of their input.
_WRAPPER_TAG_LIST: Final = """
    answer output response final story scene content result instruction instructions system user assistant human example
    document context task input prompt artifact title description text narrative chapter world question
    invoke parameter function
"""
_THINKING_TAG_LIST: Final = """
    think thinking thought thoughts scratchpad analysis reasoning reflection planning plan monologue brainstorm
    brainstorming draft internal commentary critique notes cot antthinking deliberation
"""
_THINKING_TAGS: Final = frozenset(_THINKING_TAG_LIST.split())
_OTHER_TAGS: Final = frozenset(_HTML_TAG_LIST.split()) | frozenset(_WRAPPER_TAG_LIST.split())
_TAG: Final = r"<(/?)([A-Za-z][\w:.-]*+)([^<>\n]*+)(>?)"

# Entities that are clear without their semicolon.
_CLEAR_ENTITIES: Final = frozenset(
    {"nbsp", "amp", "quot", "lt", "gt", "mdash", "ndash", "hellip", "rsquo", "lsquo"}
)

_CONTROL: Final = "a control token of the model"
_ESCAPE: Final = "an escape sequence"
_HEADING: Final = "a heading in Markdown"


def _is_thinking_tag(match: re.Match[str]) -> bool:
    slash, name, rest, end = match.groups()
    return name.casefold() in _THINKING_TAGS and (
        bool(slash) or not end or not rest.strip(" /") or "=" in rest
    )


def _is_tag(match: re.Match[str]) -> bool:
    """Return whether a match is a tag and not speech in angle brackets, as telepaths are made to speak."""
    slash, name, rest, end = match.groups()
    if name is None:
        return True
    is_bare = not rest.strip(" /")
    if slash or "_" in name or ":" in name:
        return bool(end) and (is_bare or "=" in rest)
    if name.casefold() not in _OTHER_TAGS:
        return False
    return (is_bare or '="' in rest) if end else not rest and len(name) > 1


def _is_entity(match: re.Match[str]) -> bool:
    name, semicolon = match.groups()
    if not semicolon:
        return name in _CLEAR_ENTITIES
    return name.startswith("#") or f"{name};" in html5


def _is_no_path(match: re.Match[str]) -> bool:
    """Return whether the word before a backslash is no part of a path of Windows."""
    before = match.string[max(0, match.start() - 80) : match.start()]
    word = re.split(r"\s", before)[-1]
    return ":\\" not in word and not re.search(r"(?:\b[A-Za-z]:|^\\\\\w+)$", word)


MARKUP: Final[tuple[MarkKind, ...]] = (
    kind(
        _CONTROL,
        "<| |> <｜ ｜> [| <<",
        r"<[|｜]\s?[\w/▁][^<>\n]{0,60}+>?|[\w▁][|｜]>|\[\|\w+\|\]|<</?SYS>>",
        is_code=True,
    ),
    kind(
        _CONTROL,
        "[",
        r"\[/?(?:(?:EOS|BOS|PAD|UNK)_TOKEN|[gs]MASK|END_OF_TEXT|INST|SYS|CLS|SEP|MASK|UNK|PAD|EOS|BOS|THINK"
        r"|TOOL_\w+|AVAILABLE_TOOLS|SYSTEM_PROMPT)\]",
        is_code=True,
    ),
    kind(
        _CONTROL,
        "<",
        r"</?(?:s|bos|eos|pad|unk|mask|(?:start|end)_of_\w+|extra_id_\d+|0x[0-9A-F]{2}|reserved_\w+|unused\d+|ctrl\d+"
        r"|START)>",
        is_code=True,
    ),
    kind(
        _CONTROL,
        "## Assistant:",
        r"(?<!#)#{2,6}[ \t]?(?i:human|assistant|user|system|instructions?|response|input|output|prompt)\b:?"
        r"|^Assistant:",
    ),
    # The spaces of tokenizers.
    kind(_CONTROL, "▁ Ġ ◁", r"\w?▁\w+|(?:Ġ[a-z]+){2}|◁/?\w+▷"),
    kind("a remark out of character", "OOC", r"[(\[]{1,2} ?OOC\b[^()\[\]\n]{0,120}[)\]]{0,2}"),
    kind(
        "a note about the answer's length",
        "truncated limit response] part] message] reply] response) part) message) reply) brevity",
        r"[(\[](?i:(?:output|response|text|answer|message)? ?truncated(?: for (?:brevity|length))?"
        r"|(?:word|token|character|length|output) limit(?: \w+)?|[\w ,']{0,60}omitted for brevity"
        r"|[\w ,']{0,30}\bcontinue[sd]? in (?:the |a )?(?:next|following|another) (?:response|part|message"
        r"|reply))[.!]?[)\]]",
    ),
    kind("a citation", "†source [citation ][", r"【\d+†[^【】\n]{0,40}】|\[citation needed\]|\[\d{1,2}\]\[\d{1,2}\]"),
    kind("a tag of the model's thinking", "<", _TAG, _is_thinking_tag, is_code=True),
    kind("a tag", "<", rf"{_TAG}|<!--|<!\[CDATA|<!DOCTYPE|<\?xml", _is_tag, is_code=True),
    kind(
        "a piece of HTML",
        "&",
        r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30}+)(;?)",
        _is_entity,
        is_code=True,
    ),
    kind(
        _ESCAPE,
        "\\",
        r"\\u\{?[0-9a-fA-F]{4,6}\}?|\\U[0-9a-fA-F]{8}|\\x[0-9a-fA-F]{2}|\\[\"']|\\(?:[*#\[\]~]|_(?!\())"
        r"|\\[nrt](?:\\[nrt])+|\\[nrt](?![a-z])|(?<=[.!?,;:”\"])\\[nrt]"
        r"|\\\([^()\n]{1,60}\\\)|\\(?:textit|textbf|emph|begin|end|section|ldots|dots|newline)\b",
        _is_no_path,
        is_code=True,
    ),
    kind(_ESCAPE, "%", r"(?<=[A-Za-z])%20(?=[A-Za-z])|(?:%[0-9A-F]{2}){2,}", is_code=True),
    kind(
        "a broken character",
        "� â ï Ã Â",
        r"�|ï¿½|ï»¿|â[\x80-\x9f]{1,2}|â€[™œ˜“”¦\x80-\x9f]|Ã[\x80-\xaa\xac-\xba\xbc-\xbf]|Â[©®°·£´¨§]",
    ),
    kind("a code block", "``` ~~~", r"```|^~~~\w"),
    kind(_HEADING, "#", r"^[ \t]{0,3}(?:#{2,6}[ \t]*[^\W_]|#[ \t]+[^\W\d_a-z])[^\n]{0,80}"),
    kind(_HEADING, "**", r"^[ \t>*-]{0,4}\*\*[^*\n]{1,40}(?::\*\*|\*\*[ \t]?:)"),
    kind(
        _HEADING,
        "**",
        r"^\*\*(?i:title|scene|chapter|part|act|prologue|epilogue|titel|szene|kapitel|titre|scène|chapitre|título"
        r"|escena|capítulo|titolo|scena)\b[^*\n]{0,60}\*\*[ \t]*$",
    ),
    # A first line in bold; one in capitals may be a sign that somebody reads.
    kind(_HEADING, "**", r"\A\*\*(?=[^*\n]*[a-z])[^*\n]{1,60}[^*\n.!?…,”\"]\*\*[ \t]*\n"),
    kind(
        "a heading",
        ": ：",
        r"\A(?i:title|titel|titre|título|titolo|заголовок|标题|タイトル|제목)[ \t]?[:：][ \t]*\S[^\n]{0,80}\n",
    ),
    kind("a link in Markdown", "](", r"!?\[[^\[\]\n]{0,60}\]\((?:https?:|#|/|\w+\.)[^\s()]{0,60}"),
    kind("a table in Markdown", "|--- |:- | ---", r"\|[ \t]?:?-{3,}+:?[ \t]?\|"),
    kind(
        "a piece of JSON",
        '":',
        r"\"(?:title|content|description|shots|camera|mood|landmarks|atmosphere|map_layout|name|text)\":\s?[\"\[{]",
        is_code=True,
    ),
)  # fmt: skip
