"""Hostile texts that a model could be made to write, and rows with them in every text field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from agents.choices import EventKind, NotificationKind, ReviewState, Verdict
from agents.models import (
    AgentJob,
    AgentJobEvent,
    GoldStandard,
    Notification,
    ReviewComment,
    ReviewDecision,
    ReviewItem,
    ReviewSkip,
    UserPreference,
)
from tests.support import rows
from tests.support.people import make_user
from universes import limits
from universes.models import CanonChange, Element, Scene, Universe, WorldConfig, WorldRule

OUTSIDE = "https://outside.example"
_HIT = "window.hit=1;alert(1)"

HOSTILE: Mapping[str, str] = {
    # Scripts
    "script": f"<script>{_HIT}</script>",
    "script from outside": f'<script src="{OUTSIDE}/x.js"></script>',
    "script in capitals": f"<ScRiPt >{_HIT}</sCrIpT\t>",
    "script cut in two": f"<scr<script>ipt>{_HIT}</scr</script>ipt>",
    "end of a script": f"</script><script>{_HIT}</script>",
    "script in a comment": f"<!--><script>{_HIT}</script>-->",
    "script behind a null": f"<scr␀ipt>{_HIT}</script><\u2028script>{_HIT}</script>",
    "module": f"<script type=module>import '{OUTSIDE}/x.js'</script>",
    "entities that become a script": f"&lt;script&gt;{_HIT}&lt;/script&gt; &#60;script&#62;{_HIT}",
    "escapes that become a script": f"\\u003cscript\\u003e{_HIT} \\x3cscript\\x3e",
    # Event handlers
    "image that fails": f"<img src=x onerror={_HIT}>",
    "image without quotes": f"<img/src=`x`onerror={_HIT}>",
    "body that loads": f"<body onload={_HIT}><html onmouseover={_HIT}>",
    "details that open": f"<details open ontoggle={_HIT}><summary>a</summary></details>",
    "input with focus": f"<input autofocus onfocus={_HIT}>",
    "animation that starts": f"<b style='animation:x' onanimationstart={_HIT}>a</b>",
    "way out of an attribute": f"\" autofocus onfocus={_HIT} x=\"' onmouseover={_HIT} y='",
    "marquee": f"<marquee onstart={_HIT} width=9999>a</marquee>",
    "video that fails": f"<video><source onerror={_HIT}></video><audio src=x onerror={_HIT}>",
    # Links
    "javascript link": f'<a href="javascript:{_HIT}">a</a>',
    "javascript link in Markdown": f"[click](javascript:{_HIT}) [x](<java\nscript:{_HIT}>)",
    "data link in Markdown": "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "link by reference": f"[click][1] ![i][1]\n\n[1]: javascript:{_HIT}",
    "autolinks": f"<javascript:{_HIT}> <{OUTSIDE}/> {OUTSIDE}/bare www.outside.example",
    "vbscript and others": "[a](vbscript:msgbox(1)) [b](feed:javascript:alert(1)) [c](//outside.example)",
    "image in Markdown": f"![beacon]({OUTSIDE}/b.png?q=1) ![x]({OUTSIDE}/x.png 'a\" onerror=\"{_HIT}')",
    "image inside a link": f"[![beacon]({OUTSIDE}/b.png)]({OUTSIDE}/)",
    "lazy and responsive images": f"<img srcset='{OUTSIDE}/a 1x' loading=lazy><picture><source srcset={OUTSIDE}/b>",
    # Pages in the page
    "frame": f'<iframe src="{OUTSIDE}/" srcdoc="<script>{_HIT}</script>"></iframe>',
    "object and embed": f"<object data='{OUTSIDE}/'></object><embed src='{OUTSIDE}/x.swf'>",
    "refresh": f'<meta http-equiv="refresh" content="0;url={OUTSIDE}/">',
    "another base": f'<base href="{OUTSIDE}/"><base target=_blank>',
    "prefetch": f"<link rel=prefetch href={OUTSIDE}/a><link rel=stylesheet href={OUTSIDE}/a.css>",
    "form": f'<form action="{OUTSIDE}/" id=decide><button>Approve</button><input name=verdict value=approved>',
    "button for our form": '<button form="approve-form" formaction="//outside.example" accesskey="a">Approve</button>',
    "names that hide ours": "<img name=cookie><form id=csrfmiddlewaretoken><input id=querySelector name=body>",
    # Styles
    "style sheet": f"<style>@import '{OUTSIDE}/a.css'; body{{display:none}} *{{position:fixed}}</style>",
    "cover": "<div style='position:fixed;inset:0;z-index:2147483647;background:#fff'>Sign in again</div>",
    "style that calls": f'<p style="background:url({OUTSIDE}/p.png);width:expression({_HIT})">a</p>',
    "our own classes": '<div class="decision-bar" id="keys"><kbd data-key="a">a</kbd></div>',
    "page that is shut": "</p></div></section></main></body></html><plaintext>",
    "ends of fields": "</textarea></title></select></option></pre></style></noscript></template><b>",
    # Drawings and formulas
    "drawing": f"<svg onload={_HIT}><animate onbegin={_HIT} attributeName=x></svg>",
    "drawing that links": f"<svg><a xlink:href='javascript:{_HIT}'><text y=20>a</text></a><use href='{OUTSIDE}/#a'/>",
    "drawing with a page": f"<svg><foreignObject><body onload={_HIT}></foreignObject></svg>",
    "formula": f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror={_HIT}>'>",
    # Templates and spreadsheets
    "Django template": "{{ 7|add:913527 }} {% debug %} {% include 'admin/index.html' %} {# gone #} {{ block.super }}",
    "other templates": "${913527+7} <%= 913527+7 %> #{913527+7} {{913527+7}} {{constructor.constructor('alert(1)')()}}",
    "spreadsheet": '=HYPERLINK("https://outside.example","a")\n+1+cmd|\' /C calc\'!A0\n@SUM(1)\n-1',
    "format strings": "%s %n %(password)s {0.__class__} {settings.SECRET_KEY} $HOME `id` $(id)",
    # Characters
    "bidi overrides": "\u202eevorppa\u202c \u2066\u2067isolate \u2069 admin\u200f \u202atxt.exe",
    "zero width": "app\u200brove\u200c\u200d\ufeff \u2060a\u00adb \u115f\u3164",
    "hidden tags": "ok\U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065 \ufe01\ufe02\ufe03\ufe04",
    "controls": "a\x07\x08\x1b[31mred\x1b[0m\x0c\x7f\x85 \u2028line\u2029paragraph",
    "marks upon marks": "Z" + "\u0300\u0301\u0302\u0316\u0317\u0318\u0324\u033f" * 40 + "algo",
    "names from right to left": "مرحبا بالعالم (Mira) עברית — 1, 2! 👩\u200d👩\u200d👧\u200d👦 🏴\U000e0067\U000e007f",
    # Form and size
    "word without end": "W" * 5_000,
    "line without end": "a-line/" * 7_200,
    "nested Markdown": "> " * 60 + "deep " + "*[" * 300 + "\n" + "- " * 60 + "deeper" + "\n1. a" * 200,
    "nothing": "None\nnull\nundefined\nNaN\n[object Object]\n\\0\n<>\n''\n--\n~~~\n```html onload=1\n<b>",
}
AFTER = "This sentence stands after it."


AGENTS = ("narrative", "spatial", "consistency")


def text_of(name: str) -> str:
    """Append a sentence, which must not be swallowed."""
    return f"{HOSTILE[name]}\n\n{AFTER}"


def short(name: str) -> str:
    """Short texts for names, which have room for no more."""
    return HOSTILE[name][:150]


def groups(agent: str) -> list[tuple[str, ...]]:
    """Group the names of the texts in sixes, in another order for each agent, so that others come first and fourth."""
    names, first = list(HOSTILE), AGENTS.index(agent)
    turned = names[first:] + names[:first]
    return [tuple(turned[n : n + 6]) for n in range(0, len(turned), 6)]


def texts_of(names: Sequence[str]) -> list[str]:
    """Return three texts: of six hostile texts, the first and the fourth, the second and the fifth, and so on."""
    return ["\n\n".join(text_of(name) for name in names[n::3]) for n in range(3)]


def titles_of(names: Sequence[str]) -> tuple[str, str]:
    """Return titles for an item and for a part of it."""
    return short(names[0]), short(names[3 % len(names)])


def output_with(agent: str, texts: Sequence[str], titles: tuple[str, str]) -> dict[str, Any]:
    """Return an output of an agent with a text in each field that has room, the first in the main field."""
    first, second, third = texts
    title, part = titles
    base = {"model": "mock", "tokens_used": 10}
    if agent == "narrative":
        shots = [{"description": second, "camera": part, "duration_s": 4}]
        written = {"title": title, "content": first, "shots": shots, "camera": part, "mood": third}
        return {"type": "video_prompt", "word_count": 9, **written, **base}
    if agent == "spatial":
        landmarks = [{"name": part, "description": second}]
        place = {"location_name": title, "type": "town", "description": first, "landmarks": landmarks}
        return {**place, "atmosphere": third, "map_layout": second, **base}
    violation = {"rule": second, "quote": third, "severity": "major", "explanation": second}
    report = {"violations": [violation], "explanation": first, "suggestions": [third]}
    return {"is_consistent": False, **report, **base}


def input_with(agent: str, texts: Sequence[str], titles: tuple[str, str]) -> dict[str, Any]:
    first, second, third = texts
    title, part = titles
    frame = {"genre": title, "rules": [first], "physics": second}
    if agent == "narrative":
        people = [{"name": title, "description": second, "traits": [part]}]
        return {"prompt": third, "type": "video_prompt", "characters": people, "world_config": frame}
    if agent == "spatial":
        place = {"location_name": title, "type": part, "details": third, "landmarks": [part]}
        return {**place, "world_config": frame}
    return {"content": f"Before. {third}", "content_type": "scene", "world_config": frame}


class World:
    """Store every text: in an open item of each agent, and in a decided one."""

    def __init__(self, owner: User, reviewer: User) -> None:
        self.owner, self.reviewer = owner, reviewer
        with transaction.atomic():
            self.universe = self._universe("cover", "the-low-marches")
            self._fill(self._universe("spreadsheet", "the-high-marches"))
            self.open = {agent: [self._item(agent, names) for names in groups(agent)] for agent in AGENTS}
            self.decided = [
                self._decided(AGENTS[n % 3], names) for n, names in enumerate(groups("narrative"))
            ]
            self.disputed = self._disputed()
            self._talk()

    def _universe(self, name: str, slug: str) -> Universe:
        universe = rows.make_universe(self.owner, name=short(name), slug=slug)
        everything = "\n\n".join(text[:500] for text in HOSTILE.values())
        universe.description = everything[: limits.DESCRIPTION]
        universe.save()
        WorldConfig.objects.filter(universe=universe).update(
            genre=short("script"), tone=short("word without end"), physics=everything[: limits.WORLD_TEXT]
        )
        return universe

    def _fill(self, universe: Universe) -> None:
        for position, (name, text) in enumerate(HOSTILE.items(), start=10):
            WorldRule.objects.create(universe=universe, position=position, text=text[: limits.RULE_TEXT])
            element = Element.objects.create(
                universe=universe,
                kind="character",
                name=short(name),
                name_key=name,
                summary=text[: limits.SUMMARY],
                traits={short(name)[: limits.TRAIT_KEY]: short(name)},
                canon_status="canon",
            )
            self._change(universe, "element", element.pk, name)
            scene = Scene.objects.create(universe=universe, title=short(name), text=text)
            self._change(universe, "scene", scene.pk, name)

    def _change(self, universe: Universe, kind: str, target: Any, name: str) -> None:
        CanonChange.objects.create(
            universe=universe,
            target_kind=kind,
            target_id=target,
            action="revised",
            user=self.owner,
            before={"name": HOSTILE[name][:500]},
            after={short(name): HOSTILE[name][:500]},
        )

    def _job(self, agent: str, texts: Sequence[str], titles: tuple[str, str], **fields: Any) -> AgentJob:
        values = {
            "input_data": input_with(agent, texts, titles),
            "output_data": output_with(agent, texts, titles),
            "signals": [
                {"name": "length", "value": 0.1, "weight": 1, "cap": 0.4, "sentence": texts[0][:500]}
            ],
            **fields,
        }
        return rows.finished_job(self.owner, self.universe, agent, **values)

    def _item(self, agent: str, names: Sequence[str], **fields: Any) -> ReviewItem:
        texts, titles = texts_of(names), titles_of(names)
        earlier = self._job(
            agent, [f"Earlier. {text}" for text in texts], (f"Earlier {titles[0]}", titles[1])
        )
        job = self._job(agent, texts, titles, follows=earlier, revision_note=texts[0])
        item = rows.item_of(job, reasons=[text_of(name)[:500] for name in names], **fields)
        for text in texts:
            ReviewComment.objects.create(item=item, by=self.reviewer, text=text)
        return item

    def _decided(self, agent: str, names: Sequence[str]) -> ReviewItem:
        item = self._item(agent, names, state=ReviewState.CLOSED)
        texts = texts_of(names)
        edited = [text.replace("a", "another ", 3) for text in texts]
        ReviewDecision.objects.create(
            item=item,
            by=self.reviewer,
            verdict=Verdict.EDITED,
            note="\n\n".join(texts),
            before=item.job.output_data,
            after=output_with(agent, edited, (f"New {short(names[0])}", short(names[3]))),
            work_s=12.5,
        )
        for kind, data in (
            (EventKind.REVIEW_DECIDED, {"verdict": "edited", "note": texts[0], "reason": short(names[1])}),
            (EventKind.RESCHEDULED, {"message": texts[1]}),
            (EventKind.CANON_ADDED, {"entry_kind": "scene", "entry_id": "x", "name": short(names[2])}),
        ):
            AgentJobEvent.objects.create(job=item.job, kind=kind, attempt=1, by=self.reviewer, data=data)
        return item

    def _disputed(self) -> ReviewItem:
        """Make a disputed item with two opinions."""
        names = ("cover", "script", "image that fails")
        item = self._item("spatial", names, opinions_wanted=2, disputed_at=timezone.now())
        edit = output_with("spatial", texts_of(names[::-1]), (short("form"), short("frame")))
        for number, (verdict, after) in enumerate([(Verdict.EDITED, edit), (Verdict.REJECTED, None)]):
            ReviewDecision.objects.create(
                item=item,
                by=make_user(f"reviewer-{number}", is_staff=True, groups=("Reviewers",)),
                verdict=verdict,
                note=text_of("names that hide ours"),
                before=item.job.output_data,
                after=after,
                takes_effect=False,
            )
        return item

    def _talk(self) -> None:
        now = timezone.now()
        for index, text in enumerate(HOSTILE.values()):
            item = self.decided[index // 6]
            Notification.objects.create(
                to=self.reviewer,
                kind=NotificationKind.MENTION,
                item=item,
                by=self.owner,
                text=text,
                at=now - timedelta(seconds=index),
            )
            if index % 6 == 0:
                ReviewSkip.objects.create(item=item, by=self.reviewer, reason=text)
                GoldStandard.objects.create(job=item.job, answer="refuse", why=text, added_by=self.reviewer)
        failed = {"status": "failed", "output_data": None, "error_code": "overloaded"}
        texts = [text_of("script")] * 3
        self._job("narrative", texts, ("a", "b"), **failed, error_message=HOSTILE["cover"])
        rows.make_schedule(
            self.owner, self.universe, name=short("image that fails"), disabled_reason=HOSTILE["form"]
        )
        UserPreference.objects.create(user=self.owner, preferences={short("script"): HOSTILE["cover"]})
