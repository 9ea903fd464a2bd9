"""Every page, held against WCAG 2.2 AA and the windows it is seen in."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from readiness import clock
from readiness.accounts.invitations import token_of
from readiness.accounts.models import Invitation, Role, User
from readiness.audit.inviting import invite
from readiness.audit.models import Event
from readiness.launches.models import Exemption, Launch, LaunchItem, Progress
from readiness.launches.models.decisions import Says
from readiness.launches.services import comments, items
from readiness.launches.services.decisions import Condition, Word, confirm
from readiness.notifications.models import Delivery, Kind
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.queueing import queue_digests
from readiness.notifications.services.subscribing import unsubscribe_url
from tests import make
from tests.browser import given
from tests.browser.looking import faults_of
from tests.launches.deciding import OVERRIDE, Room, seal
from tests.launches.exempting import agree, ask

OF_A_PAGE = re.compile(r"\d (light|dark): (region|landmark-[a-z-]+|page-has-heading-one) at")
LONG = "A ranker whose name goes on and on, as names do, 𝔵 العربية " + "unbroken" * 6


@dataclass
class World:
    """A busy launch beside others, and people in every seat."""

    launch: Launch
    lead: User
    admin: User
    guest: User
    ben: User
    mail: Delivery
    invitation: Invitation
    exemption: Exemption
    amara: User
    decided: Launch
    asked: Launch


@pytest.fixture(scope="module")
def world(_committed) -> World:
    crew = given.crew()
    now = clock.now()
    busy = crew.launch(signed_off=20, name=LONG, model="two-tower", facets={"feature_store": False})
    crew.launch(signed_off=40, name="All checked")
    near = crew.launch(signed_off=34, launch_at=now + timedelta(days=3), approvers=[crew.lead])
    amara, *_ = approvers = [
        make.user(name, team=crew.team, role=Role.APPROVER) for name in ("Amara Okafor", "Lu Mo")
    ]
    decided, asked = (crew.launch(signed_off=done, approvers=approvers) for done in (30, 35))
    decide(decided, crew, approvers)
    work_on(busy, crew)
    LaunchItem.objects.filter(launch=busy, item__position__gt=30).update(
        owner=crew.lead,
        owned_since=now - timedelta(days=9),
        due_on=(now - timedelta(days=2)).date(),
    )
    crew.lead.digest_hour, crew.lead.workdays = 0, [1, 2, 3, 4, 5, 6, 7]
    crew.lead.save()
    queue_digests(now=now)
    deliver_due(now=now)
    return World(
        launch=busy,
        lead=crew.lead,
        admin=make.user("Olu Adeyemi", is_site_admin=True),
        guest=make.user("Vic Viewer", team=crew.team, role=Role.VIEWER),
        ben=crew.ben,
        mail=Delivery.objects.get(recipient=crew.lead),
        invitation=invite(
            "somebody.with.a.long.name@example.test",
            team=crew.team,
            roles=[Role.MEMBER],
            by=crew.lead,
            key=make.key(),
            now=now,
        ),
        exemption=waivers_of(near, crew),
        amara=amara,
        decided=decided,
        asked=ask_and_propose(asked, crew, approvers),
    )


def decide(launch: Launch, crew: given.Crew, approvers: list[User]) -> None:
    """An override with conditions, owed by the lead since yesterday."""
    here = Room(crew.team, launch, crew.lead, *approvers)
    now = clock.now()
    here.ask(at=now)
    reason = "The sale begins on Friday. " + "x" * 60
    conditions = (Condition("Somebody watches it. " * 8, crew.lead, now.date()),)
    word = Word(Says.APPROVE_WITH_CONDITIONS, reason, conditions)
    proposal = here.say(approvers[0], word, at=now)
    said = {"by": approvers[1], "key": make.key(), "now": now}
    confirm(proposal, seal=seal(launch, now), **said)


def ask_and_propose(launch: Launch, crew: given.Crew, approvers: list[User]) -> Launch:
    """An override that waits for the first of the approvers."""
    here = Room(crew.team, launch, crew.lead, *approvers)
    here.ask(at=clock.now())
    here.say(approvers[1], OVERRIDE, at=clock.now())
    return launch


def waivers_of(launch: Launch, crew: given.Crew) -> Exemption:
    """A waiver that stands, and a longer one that waits to take its place."""
    item, today = make.item(launch, 39), clock.now().date()
    words = {"reason": "Waits for the log schema " + "x" * 60, "control": "We look. " * 20}
    soon = {"until": today + timedelta(days=2), "at": clock.now(), **words}
    agree(ask(item, by=crew.ann, **soon), by=crew.lead, at=clock.now())
    return ask(item, by=crew.ben, **soon | {"until": today + timedelta(days=9)})


def work_on(launch: Launch, crew: given.Crew) -> None:
    """Progress, evidence, comments and a check that was taken back."""
    now = clock.now()
    for place, to, because in (
        (25, Progress.IN_PROGRESS, ""),
        (28, Progress.BLOCKED, "Waits for the log schema " + "x" * 60),
    ):
        item = make.item(launch, place)
        items.set_progress(
            item, to=to, because=because, by=crew.ann, version=item.version, key=make.key(), now=now
        )
    make.link(make.item(launch, 28), by=crew.ann, url="https://runs.example/" + "long" * 40)
    make.fact(make.item(launch, 1), by=crew.ann, from_version="14.2.0", to_version="14.1.0")
    asked = make.say(launch, "Is it **ready**, @Ben? " + "x" * 60, by=crew.lead, at=now)
    said = {"by": crew.ben, "key": make.key(), "now": now}
    comments.reply(asked, text="- It is.\n- `almost`\n\n| a | b |\n|-|-|\n| 1 | 2 |", **said)
    comments.resolve(asked, **said | {"key": make.key()})
    for place in (1, 28):
        comments.comment(
            make.item(launch, place), text="Seen. " * 30, by=crew.ben, key=make.key(), now=now
        )


def nothing_more(page: Page) -> None:
    """The page as it loads."""


def open_drawer(page: Page) -> None:
    page.locator(".item[data-status=blocked] .item__text a").first.click()
    expect(page.locator("#drawer")).to_be_visible()


def open_menu(page: Page) -> None:
    page.locator(".item[data-status=blocked] .status").click()
    expect(page.locator("#status-menu")).to_be_visible()


def ask_waiver(page: Page) -> None:
    """For an item that no other look at the page checks."""
    page.locator(".item[data-status=in_progress] .status").first.click()
    page.locator("#status-menu summary", has_text="Ask for a waiver").click()
    expect(page.get_by_label("Why it can wait")).to_be_visible()


def add_evidence(page: Page) -> None:
    page.locator("summary", has_text="Add").click()
    page.get_by_role("link", name="Note", exact=True).click()
    expect(page.get_by_role("textbox", name="Note")).to_be_visible()


def open_roles(page: Page) -> None:
    page.locator("summary", has_text="Change").first.click()
    expect(page.get_by_role("button", name="Save roles")).to_be_visible()


def open_help(page: Page) -> None:
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()


def tick(page: Page) -> None:
    open_menu(page)
    page.locator("#status-menu").get_by_role("button", name="Done", exact=True).click()
    expect(page.locator(".toast")).to_be_visible()


def select(page: Page) -> None:
    """Select some rows, and ask whose they are to be."""
    for row in page.locator(".sec[open] .item__ref").all()[:2]:
        row.click()
    page.locator("#bulk").get_by_role("button", name="Owner").click()
    expect(page.get_by_label("Owner")).to_be_visible()


def make_badge(page: Page) -> None:
    """Make the link, unless another look at the page has made it."""
    if (button := page.get_by_role("button", name="Make a link")).is_visible():
        button.click()
    expect(page.get_by_label("Link to the badge")).to_be_visible()


def send_empty(page: Page) -> None:
    page.get_by_role("button", name="Open the launch").click()
    expect(page.locator(".error").first).to_be_visible()


def address_of(name: str, world: World) -> str:
    """Where a page is in this world."""
    item = make.item(world.launch, 28)
    return name.format(
        launch=world.launch.pk,
        then=f"{world.launch.opened_at:%Y-%m-%dT%H:%M:%S}.999Z",
        item=item.pk,
        fact=make.item(world.launch, 2).pk,
        rows=make.item(world.launch, 1).pk,
        proof=item.evidence_links.get().pk,
        version=world.launch.version_id,
        mail=world.mail.pk,
        event=Event.objects.filter(kind="comment.written").latest("pk").pk,
        team=world.launch.team_id,
        lead=world.lead.pk,
        ben=world.ben.pk,
        exemption=world.exemption.pk,
        waived=world.exemption.item_id,
        token=token_of(world.invitation),
        decided=world.decided.pk,
        asked=world.asked.pk,
    )


def open_filters(page: Page) -> None:
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_label("Owner of open items")).to_be_visible()


PAGES: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "sign-in": ("", "/sign-in/", nothing_more),
    "forgotten password": ("", "/password/forgotten/", nothing_more),
    "dashboard": ("lead", "/", nothing_more),
    "dashboard without a match": ("lead", "/?q=nothing+like+it", nothing_more),
    "dashboard with filters": ("lead", "/?within=90&from=soon", open_filters),
    "views": ("lead", "/views/?query=within%3D14", nothing_more),
    "first dashboard": ("admin", "/?team=0", nothing_more),
    "launch": ("lead", "/launches/{launch}/", nothing_more),
    "launch of a reader": ("guest", "/launches/{launch}/", nothing_more),
    "launch with the drawer": ("lead", "/launches/{launch}/", open_drawer),
    "launch with the status menu": ("lead", "/launches/{launch}/", open_menu),
    "launch with a toast": ("lead", "/launches/{launch}/", tick),
    "launch with the help": ("lead", "/launches/{launch}/", open_help),
    "launch with a selection": ("lead", "/launches/{launch}/", select),
    "selection without a menu": (
        "lead",
        "/launches/{launch}/bulk/?act=progress&items={item}.1",
        nothing_more,
    ),
    "item": ("lead", "/items/{item}/", nothing_more),
    "item of a reader": ("guest", "/items/{item}/", nothing_more),
    "fact of an item": ("lead", "/items/{fact}/fact/", nothing_more),
    "rows of a fact": ("lead", "/items/{rows}/fact/?row=1", nothing_more),
    "item with a fact": ("guest", "/items/{rows}/", nothing_more),
    "item with a form for evidence": ("lead", "/items/{item}/", add_evidence),
    "evidence to add": ("lead", "/items/{item}/evidence/?kind=metric", nothing_more),
    "evidence of the team": ("lead", "/items/{item}/evidence/?kind=team", nothing_more),
    "evidence": ("guest", "/evidence/{proof}/", nothing_more),
    "evidence to revise": ("lead", "/evidence/{proof}/revise/", nothing_more),
    "discussion": ("lead", "/launches/{launch}/discussion/?show=all", nothing_more),
    "discussion of a reader": ("guest", "/launches/{launch}/discussion/", nothing_more),
    "my items": ("lead", "/mine/", nothing_more),
    "my items, none": ("guest", "/mine/", nothing_more),
    "launch with the palette": ("lead", "/launches/{launch}/", open_palette),
    "palette without a dialog": ("lead", "/palette/?q=ranker", nothing_more),
    "search": ("lead", "/search/?q=waits", nothing_more),
    "search for nothing": ("guest", "/search/", nothing_more),
    "history": ("lead", "/history/", nothing_more),
    "history of a launch": ("lead", "/launches/{launch}/history/", nothing_more),
    "history of nothing": ("lead", "/launches/{launch}/history/?kind=exemptions", nothing_more),
    "why": ("lead", "/launches/{launch}/why/", nothing_more),
    "why then, for a reader": ("guest", "/launches/{launch}/why/?at={then}", nothing_more),
    "what if": (
        "lead",
        "/launches/{launch}/what-if/?changed=model_version&is-rollback-owner-on-call=done",
        nothing_more,
    ),
    "what if nothing, for a reader": ("guest", "/launches/{launch}/what-if/?at=soon", nothing_more),
    "decision to take": ("amara", "/launches/{asked}/decision/", nothing_more),
    "decision for a reader": ("guest", "/launches/{asked}/decision/", nothing_more),
    "decision that stands": ("amara", "/launches/{decided}/decision/", nothing_more),
    "decision to ask for": ("lead", "/launches/{launch}/decision/", nothing_more),
    "record of a decision": ("guest", "/launches/{decided}/decisions/1/", nothing_more),
    "action items": ("lead", "/actions/", nothing_more),
    "share": ("lead", "/launches/{launch}/share/", make_badge),
    "share of a reader": ("guest", "/launches/{launch}/share/", nothing_more),
    "print": ("guest", "/launches/{launch}/print/", nothing_more),
    "launch with the form for a waiver": ("lead", "/launches/{launch}/", ask_waiver),
    "waiting": ("lead", "/waiting/", nothing_more),
    "waiting for nothing": ("guest", "/waiting/", nothing_more),
    "agreeing": ("lead", "/exemptions/{exemption}/", nothing_more),
    "what is asked, for a reader": ("guest", "/exemptions/{exemption}/", nothing_more),
    "item with a waiver": ("ben", "/items/{waived}/", nothing_more),
    "redact": ("admin", "/events/{event}/redact/", nothing_more),
    "checklists": ("lead", "/checklists/", nothing_more),
    "checklist": ("lead", "/checklists/{version}/", nothing_more),
    "new launch": ("lead", "/launches/new/", nothing_more),
    "new launch with errors": ("lead", "/launches/new/", send_empty),
    "edit": ("lead", "/launches/{launch}/edit/", nothing_more),
    "questions": ("lead", "/launches/{launch}/facets/", nothing_more),
    "preferences": ("lead", "/me/", nothing_more),
    "change password": ("lead", "/password/", nothing_more),
    "sessions": ("lead", "/me/sessions/", nothing_more),
    "teams": ("admin", "/teams/", nothing_more),
    "team": ("lead", "/teams/{team}/", open_roles),
    "team of a reader": ("guest", "/teams/{team}/", nothing_more),
    "people": ("admin", "/people/?q=a", nothing_more),
    "person": ("admin", "/people/{lead}/", nothing_more),
    "leaving": ("admin", "/people/{lead}/deactivate/", nothing_more),
    "leaving, shown": ("admin", "/people/{lead}/deactivate/?to={ben}", nothing_more),
    "invitation": ("", "/join/{token}/", nothing_more),
    "invitation that ended": ("", "/join/nothing/", nothing_more),
    "outbox": ("admin", "/outbox/", nothing_more),
    "mail": ("admin", "/outbox/{mail}/", nothing_more),
    "forbidden": ("guest", "/launches/new/", nothing_more),
    "not here": ("guest", "/launches/999999999/", nothing_more),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits_its_window(name, world, visit):
    who, path, until = PAGES[name]
    person = getattr(world, who) if who else None
    page = visit(person, address_of(path, world))
    until(page)

    assert faults_of(page) == []


def test_a_mail_is_accessible_but_for_the_landmarks_of_a_page(world, visit):
    page = visit(None, "about:blank")

    page.set_content(world.mail.html)

    assert [fault for fault in faults_of(page) if not OF_A_PAGE.search(fault)] == []


def test_the_way_out_of_mails_is_accessible(world, visit):
    page = visit(None, urlsplit(unsubscribe_url(world.lead, Kind.DIGEST)).path)

    expect(page.get_by_role("button")).to_be_visible()
    assert faults_of(page) == []


@contextmanager
def moved_away(table: str) -> Iterator[None]:
    """A database in which a table is missing."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO moved_away")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE moved_away RENAME TO {table}")


def test_a_page_that_fails_says_so_and_gives_a_code_to_quote(world, visit, watch):
    watch.expected.add(500)

    with moved_away("checklists_version"):
        page = visit(world.lead, "/checklists/")

    expect(page.get_by_role("heading", level=1)).to_have_text("We failed to load this page")
    expect(page.locator(".errcode")).to_have_text(re.compile(r"^r-[0-9a-f]{12}$"))
    assert faults_of(page) == []


def test_an_empty_list_of_launches_says_how_to_begin(visit):
    page = visit(make.user("New Ada", team=make.team(), role=Role.LEAD))

    expect(page.get_by_role("heading", level=1)).to_have_text("No launches yet")
    assert faults_of(page) == []
