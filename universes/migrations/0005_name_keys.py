"""Keys of names by which names are the same that readers cannot tell apart: width and invisible signs do not count.

Of living elements of a kind that have the same name now, one that is spelled plainly keeps it, or else the oldest; the
others get a number.
"""

import re
import unicodedata

from django.db import migrations

KEY_LENGTH, NAME_LENGTH = 600, 200
# As in universes.invisible, at the time of this migration.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]"
)


def fold(name):
    seen = INVISIBLE.sub("", name).replace("\u2800", " ")
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return " ".join(plain.split())[:KEY_LENGTH]


def fold_names(apps, schema_editor):
    Element = apps.get_model("universes", "Element")
    rows = Element.objects.order_by("created_at", "id").only("universe_id", "kind", "name", "name_key", "canon_status")
    # The keys of plain names stay.
    for element in [row for row in rows.iterator() if not row.name.isascii()]:
        others = Element.objects.filter(universe_id=element.universe_id, kind=element.kind)
        others = others.exclude(canon_status="retired").exclude(pk=element.pk)
        # A name that shows nothing could be stored until now.
        base = element.name if fold(element.name) else "Unnamed"
        number, name = 1, base
        while element.canon_status != "retired" and others.filter(name_key=fold(name)).exists():
            number += 1
            name = f"{base[: NAME_LENGTH - len(f' ({number})')]} ({number})"
        if (name, fold(name)) != (element.name, element.name_key):
            Element.objects.filter(pk=element.pk).update(name=name, name_key=fold(name))


class Migration(migrations.Migration):
    dependencies = [("universes", "0004_mentions")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
