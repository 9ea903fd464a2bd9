"""Publishing a checklist: once per version, whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from fractions import Fraction
from io import StringIO
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from readiness.audit.models import Event
from readiness.checklists import queries, services
from readiness.checklists.document.reading import read
from readiness.checklists.document.shape import LIBRARY
from readiness.checklists.models import Checklist, Item, Version
from readiness.rules import scheme
from readiness.rules.facets import Facet
from readiness.web.refusal import Refused
from tests.checklists.given import SMALL, changed, small

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_a_published_checklist_holds_what_its_file_says():
    version, is_new = services.publish(small(), now=NOW)

    version.refresh_from_db()
    assert is_new
    assert (version.checklist.key, version.number, version.status) == (
        "small",
        "1.0.0",
        "published",
    )
    assert (version.published_at, version.published_by) == (NOW, None)
    assert list(version.duties.values_list("key", "title")) == [
        ("sre", "SRE"),
        ("product", "Product manager"),
    ]
    assert list(version.sections.values_list("key", "title", "goal", "position")) == [
        ("rollback", "Rollback", "Go back quickly.", 1),
        ("team", "Team", "", 2),
    ]
    assert list(
        version.items.values_list(
            "ref",
            "position",
            "key",
            "duty__key",
            "involves",
            "applies_when",
            "blocker",
            "na_allowed",
        )
    ) == [
        ("1.1", 1, "runbook", "sre", ["product"], None, "always", False),
        ("1.2", 2, "switch", None, [], {"serving": "online"}, {"genai": True}, True),
        ("2.1", 3, "on-call", None, [], None, None, True),
    ]


@pytest.mark.django_db
def test_the_rules_get_the_scheme_and_the_facets_of_the_file():
    version, _ = services.publish(small(), now=NOW)

    assert queries.scheme_of(version) == scheme.Scheme(
        bands=(
            scheme.Band("delay", "Delay", scheme.Outcome.NO_GO),
            scheme.Band("ready", "Ready", scheme.Outcome.GO, Fraction(4, 5)),
        )
    )
    assert queries.facets_of(version) == {
        "serving": Facet("serving", "multi_choice", ("online", "batch")),
        "genai": Facet("genai", "boolean"),
    }


@pytest.mark.django_db
def test_the_default_checklist_has_the_default_scheme():
    content = (LIBRARY / "production-ml-safety-nets.yaml").read_bytes()

    version, _ = services.publish(read(content), now=NOW)

    assert queries.scheme_of(version) == scheme.Scheme()


@pytest.mark.django_db
def test_weights_and_credits_are_whole_numbers_of_exact_units():
    version, _ = services.publish(small(), now=NOW)

    assert (version.weight_unit, version.credit_unit) == (30, 2)
    assert list(version.items.values_list("weight", "weight_units")) == [
        ("1/10", 3),
        ("1/3", 10),
        ("1", 30),
    ]
    assert list(version.answers.values_list("credit", "credit_units")) == [
        ("0", 0),
        ("1/2", 1),
        ("1", 2),
    ]


@pytest.mark.django_db
def test_policies_a_file_does_not_name_are_the_default_ones():
    version, _ = services.publish(small(), now=NOW)

    assert (version.na_counts_as, version.na_needs, version.na_review_share) == (
        "excluded",
        "second_person",
        "1/4",
    )
    assert (version.waiver_counts_as, version.waiver_max_days) == ("open", 90)
    assert (version.signing_rule, version.signing_duty, version.signing_quorum) == ("anyone", "", 1)
    assert version.approver_quorum is None


@pytest.mark.django_db
def test_a_file_may_say_how_many_approve():
    content = changed("policy: {blockers: gate_decision}", "policy: {approver_quorum: 3}")

    version, _ = services.publish(read(content), now=NOW)

    assert version.approver_quorum == 3


@pytest.mark.django_db
def test_signing_and_evidence_policies_are_kept():
    signing = "signing: {rule: role_quorum, role: sre, quorum: 3}"
    asked = f"{signing}\n        evidence_policy: {{kinds: [link], max_age_days: 9}}"
    content = changed("na_allowed: false", f"na_allowed: false\n        {asked}")

    version, _ = services.publish(read(content), now=NOW)

    item = version.items.get(key="runbook")
    assert (item.signing_rule, item.signing_duty, item.signing_quorum) == ("role_quorum", "sre", 3)
    assert (item.evidence_kinds, item.evidence_max_age_days) == (["link"], 9)


@pytest.mark.django_db
def test_publishing_is_one_event_in_the_chain_of_the_checklist():
    document = small()

    version, _ = services.publish(document, now=NOW)

    event = Event.objects.get()
    assert (event.subject, event.kind, event.at) == (
        version.checklist.subject,
        "checklist.published",
        NOW,
    )
    assert event.payload == {
        "checklist": "small",
        "version": "1.0.0",
        "title": "Small checklist",
        "items": 3,
        "content": document.content,
    }


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing():
    first, _ = services.publish(small(), now=NOW)

    again, is_new = services.publish(small(), now=NOW)

    assert (again, is_new) == (first, False)
    assert (Version.objects.count(), Item.objects.count(), Event.objects.count()) == (1, 3, 1)


@pytest.mark.django_db
def test_a_changed_file_under_the_same_version_is_refused():
    services.publish(small(), now=NOW)
    other = read(changed("Somebody is on call", "Someone is on call"))

    with pytest.raises(Refused) as refused:
        services.publish(other, now=NOW)

    assert str(refused.value) == (
        "Version 1.0.0 of Small checklist is published and never changes: "
        "give the changed file a higher version."
    )


@pytest.mark.django_db
def test_a_higher_version_stands_beside_the_older_one():
    old, _ = services.publish(small("1.9.0"), now=NOW)
    new, _ = services.publish(small("1.10.0"), now=NOW)

    assert list(Version.objects.newest_first()) == [new, old]
    assert list(Version.objects.newest_of_each()) == [new]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("earlier", [[], ["0.9.0"]], ids=["a new checklist", "a known one"])
def test_two_who_publish_the_same_file_at_once_publish_it_once(earlier):
    for number in earlier:
        services.publish(small(number), now=NOW)
    document = small("1.0.0")
    both = Barrier(2)

    def publish(_) -> bool:
        both.wait()
        try:
            return services.publish(document, now=NOW)[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        flags = list(people.map(publish, range(2)))

    assert sorted(flags) == [False, True]
    assert Checklist.objects.count() == 1
    assert Version.objects.count() == Event.objects.count() == len(earlier) + 1


@pytest.mark.django_db
def test_the_command_loads_the_library_and_says_so_and_a_second_time_says_that_nothing_changed():
    first, second = StringIO(), StringIO()

    call_command("load_checklist", "--library", stdout=first)
    call_command("load_checklist", "--library", stdout=second)

    assert first.getvalue().splitlines() == [
        "Production ML Safety Nets Checklist 1.0.0 is published.",
        "EU AI Act, high-risk systems 1.0.0 is published.",
        "LLM application risks 1.0.0 is published.",
        "ML Test Score 1.0.0 is published.",
        "Service readiness by tier 1.0.0 is published.",
    ]
    assert second.getvalue() == first.getvalue().replace(
        "is published.", "was published already; nothing changed."
    )


@pytest.mark.django_db
def test_the_command_publishes_nothing_when_one_file_is_broken(tmp_path):
    good, broken = tmp_path / "good.yaml", tmp_path / "broken.yaml"
    good.write_text(SMALL)
    broken.write_bytes(changed('weight: "0.1"', "weight: 0.1"))

    with pytest.raises(CommandError) as error:
        call_command("load_checklist", good, broken)

    assert str(error.value) == (
        "broken.yaml is no checklist.\n"
        'Line 34: weight is a float; write it as text, for example "0.1".'
    )
    assert Version.objects.count() == 0


@pytest.mark.django_db
def test_the_command_refuses_a_changed_file(tmp_path):
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    call_command("load_checklist", file, stdout=StringIO())
    file.write_bytes(changed("Somebody is on call", "Someone is on call"))

    with pytest.raises(CommandError, match=r"^small.yaml: Version 1.0.0 of Small checklist is "):
        call_command("load_checklist", file)


def test_the_command_says_what_it_needs(tmp_path):
    with pytest.raises(CommandError, match=r"^Name a file, or say --library.$"):
        call_command("load_checklist")

    with pytest.raises(CommandError, match=r"nowhere.yaml: No such file or directory.$"):
        call_command("load_checklist", tmp_path / "nowhere.yaml")
