"""`make prove`: attack what must hold, print a row per check, exit 1 if one falls short.

`SCALE` multiplies every count (1 unless set; CI runs a fiftieth). Writes build/prove.json,
or the file that is named.
"""

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

import django

from readiness.embedded.house import ROOT
from readiness.embedded.processes import Trouble
from readiness.embedded.product import Stopped, end_now, listen_for_the_end
from tests.prove.findings import Finding
from tests.prove.tree import planted


def main(words: list[str]) -> int:
    listen_for_the_end(end_now)
    try:
        findings = prove()
    except Stopped:
        return 130
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    report = Path(words[0]) if words else ROOT / "build" / "prove.json"
    report.parent.mkdir(exist_ok=True)
    report.write_text(json.dumps([asdict(finding) for finding in findings], indent=1))
    return 0 if all(finding.ok for finding in findings) else 1


def prove() -> list[Finding]:
    """Every check on one tree; the application is set up once its database is there."""
    findings = []
    with planted() as tree:
        os.environ |= {name: value for name, value in tree.env.items() if "READINESS_" in name}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "readiness.settings")
        django.setup()
        from tests.prove import checks

        began = time.monotonic()
        for finding in checks.findings(tree):
            findings.append(finding)
            word = "ok    " if finding.ok else "FAILED"
            took, began = time.monotonic() - began, time.monotonic()
            print(f"{word} {finding.check} ({took:.0f} s): {finding.figure}", flush=True)
            print(f"       goal: {finding.goal}", flush=True)
    return findings


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
