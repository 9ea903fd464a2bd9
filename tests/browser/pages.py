"""Every page there is, who looks at it, and what is opened on it first."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


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


def open_filters(page: Page) -> None:
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_label("Owner of open items")).to_be_visible()


def not_done(page: Page) -> None:
    page.keyboard.press("n")
    expect(page.get_by_label("What has to happen")).to_be_focused()


def all_at_once(page: Page) -> None:
    """What is open on a driver's screen who says what has to happen, and looks for a guest."""
    not_done(page)
    page.locator("summary", has_text="Invite a guest").click()
    page.get_by_label("Name or mail address of a guest").fill("nobody of this name")
    expect(page.get_by_text("Nobody else from outside the team")).to_be_visible()


def invite(page: Page) -> None:
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def every_change(page: Page) -> None:
    page.get_by_text("Everything that changed").click()
    expect(page.locator(".minutes__log")).to_be_visible()


def finish(page: Page) -> None:
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def cancel(page: Page) -> None:
    page.locator("summary", has_text="Cancel this review").click()
    expect(page.get_by_label("Why")).to_be_visible()


def plan_empty(page: Page) -> None:
    """Without a day, and with some items open to be picked."""
    page.locator("summary", has_text="Look at some items only").click()
    page.get_by_label("Day").fill("")
    page.get_by_role("button", name="Plan and invite").click()
    expect(page.locator(".error").first).to_be_visible()


def decide_on_a_phone(page: Page) -> None:
    page.locator(".stage__fold > summary").click()
    expect(page.get_by_role("button", name="Done")).to_be_visible()


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
    "review": ("lead", "/reviews/{review}/", all_at_once),
    "review at a proposal, for a reader": (
        "guest",
        "/reviews/{review}/?item={proposed}",
        nothing_more,
    ),
    "review with the way in": ("lead", "/reviews/{review}/", invite),
    "review with its end": ("lead", "/reviews/{review}/", finish),
    "review with its poll": ("lead", "/reviews/{polled}/", nothing_more),
    "poll, for who is called": ("amara", "/reviews/{polled}/poll/", nothing_more),
    "poll, for who drives": ("lead", "/reviews/{polled}/poll/", nothing_more),
    "minutes": ("lead", "/reviews/{finished}/minutes/", every_change),
    "minutes on paper": ("guest", "/reviews/{finished}/minutes/print/", nothing_more),
    "review on a phone": ("ben", "/reviews/{review}/me/?item={proposed}", decide_on_a_phone),
    "review on a wall": ("lead", "/reviews/{review}/wall/", nothing_more),
    "reviews": ("lead", "/reviews/", nothing_more),
    "reviews of a launch, for a reader": ("guest", "/reviews/?launch={launch}", nothing_more),
    "plan of a review": ("lead", "/reviews/{planned}/", cancel),
    "review to plan, with errors": ("lead", "/launches/{launch}/reviews/new/", plan_empty),
    "review to change": ("lead", "/reviews/{planned}/edit/", nothing_more),
    "launch to review": ("lead", "/reviews/new/", nothing_more),
    "joining a review": ("ben", "/reviews/join/{code}/", nothing_more),
    "joining without a code": ("ben", "/join/", nothing_more),
    "redact": ("admin", "/events/{event}/redact/", nothing_more),
    "checklists": ("lead", "/checklists/", nothing_more),
    "checklist": ("lead", "/checklists/{version}/", nothing_more),
    "new launch": ("lead", "/launches/new/", nothing_more),
    "new launch with errors": ("lead", "/launches/new/", send_empty),
    "edit": ("lead", "/launches/{launch}/edit/", nothing_more),
    "questions": ("lead", "/launches/{launch}/facets/", nothing_more),
    "preferences": ("lead", "/me/", nothing_more),
    "what one hears": ("lead", "/me/messages/", nothing_more),
    "calendar": ("lead", "/me/calendar/", nothing_more),
    "link of a mail": ("", "{link}", nothing_more),
    "link of a mail that is over": ("", "/a/nothing/", nothing_more),
    "change password": ("lead", "/password/", nothing_more),
    "sessions": ("lead", "/me/sessions/", nothing_more),
    "mail address": ("lead", "/me/address/", nothing_more),
    "address of a person": ("admin", "/people/{lead}/address/", nothing_more),
    "teams": ("admin", "/teams/", nothing_more),
    "team": ("lead", "/teams/{team}/", open_roles),
    "late work": ("lead", "/teams/{team}/late/", nothing_more),
    "channels of a team": ("lead", "/teams/{team}/channels/", nothing_more),
    "channel": ("lead", "/channels/{channel}/", nothing_more),
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


# What opens on a page that is looked at whole besides: only this part of it is new.
OPENED = {
    "dashboard with filters": "#more-filters",
    "launch with the drawer": "#drawer",
    "launch with the status menu": "#status-menu",
    "launch with the form for a waiver": "#status-menu",
    "launch with a toast": "#toasts",
    "launch with the help": "#shortcuts",
    "launch with the palette": "#palette",
    "launch with a selection": "#bulk",
    "review with the way in": "#invite",
    "review with its end": "#finish",
}
