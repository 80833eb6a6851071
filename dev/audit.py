"""Audit what the product installs: known vulnerabilities and licences; writes a bill of materials.

    python -m dev.audit [bill-of-materials.json]

Ends with 1 for a known vulnerability, and for a licence outside ``LICENCES``. Where the service of vulnerabilities does
not answer or does not know a package, that is printed and fails nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
# All that an image can contain.
REQUIREMENTS: Final = ROOT / "requirements-flower.txt"
DEFAULT_BILL: Final = ROOT / ".venv" / "bill-of-materials.json"
TIMEOUT_S: Final = 180
# Tools with pinned versions that uv runs in environments of their own.
_PIP_AUDIT: Final = ("pip-audit==2.10.1", "pip-audit")
_CYCLONEDX: Final = ("cyclonedx-bom==7.3.1", "cyclonedx-py")
# Names as SPDX or as trove classifiers write them. The LGPL allows use as a library, which is how it is used.
LICENCES: Final = re.compile(
    r"MIT|0?BSD|Apache|PSF|Python|MPL|Mozilla|LGPL|Lesser|ISC|Zlib|CC0|Unlicense|HPND|Public Domain",
    re.IGNORECASE,
)


def main() -> int:
    bill = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_BILL
    problems = [*_audit(REQUIREMENTS), *_licences(bill)]
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


def pinned(requirements: str) -> frozenset[str]:
    """Return the normalised names that a lock file pins."""
    return frozenset(_normal(name) for name in re.findall(r"^([\w.-]+)==", requirements, re.MULTILINE))


def vulnerabilities(report: Mapping[str, Any]) -> list[str]:
    """Return a line for each known vulnerability in a report of pip-audit."""
    return [
        f"{package['name']} {package['version']}: {found['id']},"
        f" mended in {', '.join(found['fix_versions']) or 'no release'}"
        for package in report["dependencies"]
        for found in package.get("vulns", ())
    ]


def refused_licences(components: Iterable[Mapping[str, Any]], names: frozenset[str]) -> list[str]:
    """Return a line for each of the ``names`` in a bill of materials whose licence is not among ``LICENCES``."""
    lines = []
    for component in components:
        licences = [_licence(entry) for entry in component.get("licenses", ())]
        known = [licence for licence in licences if licence]
        if _normal(component["name"]) in names and known and not any(map(LICENCES.search, known)):
            lines.append(f"{component['name']}: licence {', '.join(known)}")
    return lines


def _audit(file: Path) -> list[str]:
    command = _run(
        _PIP_AUDIT, "-r", str(file), "--disable-pip", "--progress-spinner", "off", "--format", "json"
    )
    try:
        report = json.loads(command.stdout)
    except ValueError:
        print(f"{file.name}: not audited. {command.stderr.strip()[-300:]}")
        return []
    skipped = sum("skip_reason" in package for package in report["dependencies"])
    print(
        f"{file.name}: {len(report['dependencies']) - skipped} packages audited, {skipped} unknown to the service."
    )
    return vulnerabilities(report)


def _licences(bill: Path) -> list[str]:
    command = _run(_CYCLONEDX, "environment", sys.executable, "-o", str(bill))
    if command.returncode:
        print(f"No bill of materials: {command.stderr.strip()[-300:]}")
        return []
    components = json.loads(bill.read_text(encoding="utf-8"))["components"]
    names = pinned(REQUIREMENTS.read_text(encoding="utf-8"))
    listed = [component for component in components if _normal(component["name"]) in names]
    unknown = [
        component["name"] for component in listed if not any(map(_licence, component.get("licenses", ())))
    ]
    print(
        f"{bill}: {len(listed)} packages; without a licence in their metadata: {', '.join(unknown) or 'none'}."
    )
    return refused_licences(components, names)


def _licence(entry: Mapping[str, Any]) -> str:
    licence = entry.get("license", {})
    return str(entry.get("expression") or licence.get("id") or licence.get("name") or "")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _run(tool: tuple[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "tool", "run", "--quiet", "--from", tool[0], tool[1], *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"{tool[1]} took over {TIMEOUT_S} s.")


if __name__ == "__main__":
    sys.exit(main())
