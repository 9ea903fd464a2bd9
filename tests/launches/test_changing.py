"""How a change of what a sign-off stands on is said, wherever it is said."""

from datetime import UTC, datetime

import pytest

from readiness.launches.models import Launch
from readiness.launches.queries.changing import Change, change_in_words

LAUNCH = Launch(zone="UTC", launch_at=datetime(2026, 12, 8, 9, tzinfo=UTC))
MEI = Change(datetime(2026, 12, 3, 9, tzinfo=UTC), "Mei")
LONG_AGO = Change(datetime(2025, 12, 3, 9, tzinfo=UTC), "")


@pytest.mark.parametrize(
    ("kind", "was", "becomes", "change", "said"),
    [
        ("text", "a1", "b2", None, "its text or policy changed"),
        (
            "model_version",
            "ranker@13 sha256:a",
            "ranker@14 sha256:b",
            MEI,
            "candidate changed from 13 to 14 on 3 Dec by Mei",
        ),
        (
            "model_version",
            "ranker@13 sha256:a",
            "ranker@13 sha256:b",
            MEI,
            "candidate ranker@13 has another digest on 3 Dec by Mei",
        ),
        (
            "model_version",
            "ranker@13 ",
            "sorter@1 ",
            None,
            "candidate changed from ranker@13 to sorter@1",
        ),
        ("model_version", "", "ranker@13 ", MEI, "candidate changed to ranker@13 on 3 Dec by Mei"),
        (
            "launch_date",
            "2026-12-08",
            "2026-12-09",
            MEI,
            "the launch moved from 8 Dec to 9 Dec on 3 Dec by Mei",
        ),
        (
            "serving_config",
            "blue",
            "green",
            LONG_AGO,
            "serving config changed from “blue” to “green” on 3 Dec 2025",
        ),
        ("serving_config", "", "", None, "serving config changed"),
    ],
)
def test_a_change_is_said_from_what_to_what_when_and_by_whom(kind, was, becomes, change, said):
    assert change_in_words(kind, was, becomes, change, LAUNCH) == said
