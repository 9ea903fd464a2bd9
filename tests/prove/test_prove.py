"""A fiftieth of `make prove`, with every test run."""

import json
import os
import subprocess
import sys

import pytest

from readiness.embedded.house import ROOT

CHECKS = [
    "tamper", "race", "idempotency", "access", "bad_input", "streams",
    "sign_offs_under_kills", "recovery", "verdict", "reminders", "broker_and_clock",
]  # fmt: skip
# How long a restart takes beside other tests says little: `make prove` alone judges that.
TIMED = "recovery"


@pytest.mark.timeout(400)
@pytest.mark.xdist_group("product")
def test_a_fiftieth_of_every_attack_fails(tmp_path):
    report = tmp_path / "prove.json"

    done = subprocess.run(
        [sys.executable, "-m", "tests.prove", report],
        cwd=ROOT, env=os.environ | {"SCALE": "0.02"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert report.exists(), done.stdout + done.stderr
    findings = json.loads(report.read_text())
    assert [finding["check"] for finding in findings] == CHECKS
    assert [one for one in findings if not one["ok"] and one["check"] != TIMED] == [], done.stdout
