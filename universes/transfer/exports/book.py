"""The book of a universe: its approved scenes in order, as Markdown and as EPUB 3."""

from __future__ import annotations

import html
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import nh3
from django.db.models import QuerySet
from django.utils import timezone
from markdown_it import MarkdownIt

from universes.models import Scene, Universe
from universes.passports.documents import entry_document
from universes.passports.passport import Passport
from universes.passports.signing import canonical_json
from universes.transfer.exports.passports import with_passports
from universes.transfer.parts import language_of

_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True})
# EPUB forbids these controls, which XML cannot hold.
_CONTROLS: Final = {code: None for code in range(32) if code not in (9, 10, 13)} | {
    0xFFFE: None,
    0xFFFF: None,
}
_XHTML: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}"
 xml:lang="{language}">
<head><title>{title}</title>{head}</head>
<body>
{body}
</body>
</html>
"""
_CONTAINER: Final = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_PACKAGE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{language}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{id}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:language>{language}</dc:language>
<dc:creator>{author}</dc:creator>
<meta property="dcterms:modified">{modified}</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
{items}
</manifest>
<spine>
{refs}
</spine>
</package>
"""


def markdown(universe: Universe) -> Iterator[str]:
    yield f"# {_line(universe.name)}\n\n*{_line(_author(universe))}*\n"
    if universe.description:
        yield f"\n{universe.description}\n"
    for scene, passport in with_passports(_scenes(universe)):
        yield f"\n## {_line(scene.title)}\n\n{scene.text}\n"
        yield f"\n*{passport.sentence}*\n"


def epub(universe: Universe) -> Iterator[bytes]:
    """Yield an EPUB chapter by chapter."""
    buffer = _Pipe()
    chapters, characters = list[tuple[str, str]](), Counter[str]()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        # The first file, unpacked, tells readers what the archive is.
        archive.writestr(_info("mimetype", zipfile.ZIP_STORED), "application/epub+zip")
        archive.writestr(_info("META-INF/container.xml"), _CONTAINER)
        for number, (scene, passport) in enumerate(with_passports(_scenes(universe)), start=1):
            name = f"scene-{number}.xhtml"
            chapters.append((name, _line(scene.title)))
            language = language_of(scene.text)
            characters[language] += len(scene.text)
            archive.writestr(_info(f"OEBPS/{name}"), _chapter(scene, passport, language))
            yield buffer.taken()
        language = max(characters, key=characters.__getitem__, default="und")
        archive.writestr(_info("OEBPS/title.xhtml"), _title_page(universe, language))
        archive.writestr(_info("OEBPS/nav.xhtml"), _navigation(universe, chapters))
        archive.writestr(_info("OEBPS/content.opf"), _package(universe, chapters, language))
    yield buffer.taken()


class _Pipe(io.RawIOBase):
    """A file that forgets what was taken from it; zipfile then writes sizes behind the data instead of seeking."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data


def _scenes(universe: Universe) -> QuerySet[Scene]:
    return Scene.objects.filter(universe=universe).canon().in_story_order()


def _title_page(universe: Universe, language: str) -> str:
    body = f"<h1>{_escaped(universe.name)}</h1>\n<p>{_escaped(_author(universe))}</p>"
    if universe.description:
        body += f"\n{_rendered(universe.description)}"
    return _XHTML.format(language=language, title=_escaped(universe.name), body=body, head="")


def _chapter(scene: Scene, passport: Passport, language: str) -> str:
    title = _escaped(_line(scene.title))
    body = f"<h1>{title}</h1>\n{_rendered(scene.text)}"
    body += f'\n<p lang="en" xml:lang="en"><small>{_escaped(passport.sentence)}</small></p>'
    document = canonical_json(entry_document(scene, passport))
    head = f'\n<script type="application/ld+json">{_escaped_in_script(document)}</script>'
    return _XHTML.format(language=language, title=title, body=body, head=head)


def _navigation(universe: Universe, chapters: list[tuple[str, str]]) -> str:
    entries = [("title.xhtml", _line(universe.name)), *chapters]
    items = "\n".join(f'<li><a href="{name}">{_escaped(title)}</a></li>' for name, title in entries)
    body = f'<nav epub:type="toc"><h1>Contents</h1>\n<ol>\n{items}\n</ol></nav>'
    return _XHTML.format(language="en", title="Contents", body=body, head="")


def _package(universe: Universe, chapters: list[tuple[str, str]], language: str) -> str:
    files = [("title", "title.xhtml"), *((name.split(".")[0], name) for name, _ in chapters)]
    return _PACKAGE.format(
        language=language,
        id=universe.pk,
        title=_escaped(universe.name),
        author=_escaped(_author(universe)),
        modified=timezone.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        items="\n".join(
            f'<item id="{key}" href="{name}" media-type="application/xhtml+xml"/>' for key, name in files
        ),
        refs="\n".join(f'<itemref idref="{key}"/>' for key, _ in files),
    )


def _rendered(text: str) -> str:
    """Return Markdown as XHTML without pictures, which are not in the book."""
    clean = nh3.clean(
        _MARKDOWN.render(text.translate(_CONTROLS)),
        tags=set(nh3.ALLOWED_TAGS) - {"img"},
        link_rel=None,
        attribute_filter=_without_files,
    )
    return clean.replace("<br>", "<br/>").replace("<hr>", "<hr/>").replace("&nbsp;", "&#160;")


def _without_files(_tag: str, name: str, value: str) -> str | None:
    """Drop addresses of files beside the text, which are not in the book."""
    return None if name == "href" and ":" not in value else value


def _info(name: str, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])
    info.compress_type = method
    return info


def _author(universe: Universe) -> str:
    return universe.owner.get_full_name() or universe.owner.get_username()


def _line(text: str) -> str:
    return " ".join(text.translate(_CONTROLS).split())


def _escaped_in_script(text: str) -> str:
    """Return JSON that is the same in HTML and XHTML, where a script is text like any other."""
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.translate(_CONTROLS)


def _escaped(text: str) -> str:
    return html.escape(text.translate(_CONTROLS))
