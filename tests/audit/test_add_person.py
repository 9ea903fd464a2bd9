"""Letting people in from the command line: what it makes, refuses, and writes down."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from readiness.accounts.models import Role, Team, User
from readiness.audit.models import Event
from tests import make

pytestmark = pytest.mark.django_db


def add_person(*words: str) -> str:
    said = StringIO()
    call_command("add_person", *words, stdout=said)
    return said.getvalue()


def written() -> list[tuple[str, str, dict]]:
    return list(Event.objects.order_by("pk").values_list("kind", "printed_name", "payload"))


def roles_of(person: User) -> list[tuple[str | None, str]]:
    return list(person.memberships.order_by("pk").values_list("team__name", "role"))


def test_the_first_person_administers_and_sets_a_password_next():
    said = add_person("Ann@Example.test", "--name", "Ann Lee", "--admin")

    ann = User.objects.get()
    assert (ann.email, ann.name, ann.is_site_admin) == ("ann@example.test", "Ann Lee", True)
    assert said == (
        "Ann Lee is added.\n"
        "Ann Lee administers the installation.\n"
        "No password yet. Set one: manage.py changepassword ann@example.test\n"
    )


def test_a_role_holds_in_the_team_said_before_it_and_in_every_team_without_one():
    search = make.team("Search")

    add_person(
        "ann@example.test", "--name", "Ann", "--role", "auditor",
        "--team", "search", "--role", "lead", "--role", "approver",
        "--team", "Ads ranking", "--role", "member",
    )  # fmt: skip

    ann = User.objects.get()
    assert roles_of(ann) == [
        (None, Role.AUDITOR.value),
        (search.name, Role.LEAD.value),
        (search.name, Role.APPROVER.value),
        ("Ads ranking", Role.MEMBER.value),
    ]


def test_everything_that_was_new_is_written_down():
    add_person("ann@example.test", "--name", "Ann", "--admin", "--team", "Ads", "--role", "lead")

    ann = User.objects.get()
    assert written() == [
        ("person.added", "Readiness", {"person": ann.pk, "name": "Ann"}),
        ("role.given", "Readiness",
         {"role": "site admin", "person": "Ann", "person_id": ann.pk, "team_name": ""}),
        ("team.added", "Readiness", {"name": "Ads"}),
        ("role.given", "Readiness",
         {"role": "lead", "person": "Ann", "person_id": ann.pk, "team_name": "Ads"}),
    ]  # fmt: skip


def test_saying_it_twice_changes_nothing_and_writes_nothing():
    words = ("ann@example.test", "--name", "Ann", "--admin", "--team", "Ads", "--role", "lead")
    add_person(*words)
    before = written()

    said = add_person(*words)

    assert said.startswith("Ann is here already.\nAnn is lead in Ads.\n")
    assert (User.objects.count(), Team.objects.count(), written()) == (1, 1, before)


def test_an_admin_reads_in_the_history_who_was_let_in(client):
    add_person("ann@example.test", "--name", "Ann", "--admin", "--team", "Ads", "--role", "lead")
    client.force_login(User.objects.get())

    page = client.get("/history/").content.decode()

    assert "added the person Ann" in page
    assert "gave the role lead to Ann in Ads" in page


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (["ann"], "ann is no mail address."),
        (["ann@example.test"], "Say the name too: it is printed under what they sign."),
        (["ann@example.test", "--name", "Ann", "--role", "queen"], "invalid"),
        (["ann@example.test", "--name", "Ann", "--team", "Ads"], "Say after each --team NAME"),
        (["ann@example.test", "--name", "Ann", "--team", "Ads", "--team", "B", "--role", "lead"],
         "Say after each --team NAME"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_leaves_nothing(words, because):
    with pytest.raises(CommandError, match=because):
        add_person(*words)

    assert (User.objects.count(), Team.objects.count(), written()) == (0, 0, [])


def test_a_team_whose_name_is_long_or_not_latin_is_added_like_any_other():
    add_person("ann@example.test", "--name", "Ann", "--team", "検索", "--role", "lead")
    add_person("ann@example.test", "--team", "広告 " + "x" * 90, "--role", "lead")

    assert [len(team.slug) for team in Team.objects.order_by("pk")] == [2, 64]
