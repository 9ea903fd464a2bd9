"""What happens to people, teams, roles and views, as sentences."""

from collections.abc import Callable
from datetime import date

from readiness.audit.kinds import Kind
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.rows import weekday
from readiness.launches.queries.sentence import Payload, Sentence, was_before

PREFERENCES = {
    "zone": "time zone",
    "locale": "dates and numbers",
    "digest_hour": "hour of reminders",
    "mails_on": "reminder mails",
    "keys_on": "single-key shortcuts",
}
WAYS = {"slack": "Slack", "teams": "Microsoft Teams", "webhook": "webhook"}


def person_added(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(_named("added the person", said, "name", "person"), icon="users-round")


def person_away(said: Payload, content: Pinned | None) -> Sentence:
    first, last = (weekday(date.fromisoformat(said[name])) for name in ("from", "until"))
    days = f"on {first}" if first == last else f"from {first} until {last}"
    is_away = f"said that {said['person']} is away" if said["person"] else "is away"
    stand_in = f"{said['stand_in']} stands in" if said["stand_in"] else "nobody stands in"
    return Sentence(f"{is_away} {days}: {stand_in}", icon="calendar")


def person_back(said: Payload, content: Pinned | None) -> Sentence:
    is_back = f"said that {said['person']} is back" if said["person"] else "is back"
    ended = f": {said['stand_in']} stands in no more" if said["stand_in"] else ""
    return Sentence(f"{is_back}{ended}", icon="calendar")


def person_deactivated(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"deactivated {said['name']}", icon="log-out", tone="amber")


def person_reactivated(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"let {said['name']} in again", icon="users-round")


def person_invited(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"invited {said['email']} to {said['team_name']}", icon="mail")


def person_joined(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"joined {said['team_name']}", icon="users-round", tone="green")


def invitation_revoked(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"revoked the invitation of {said['email']}", icon="mail")


def password_changed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence("changed their password", icon="key-round")


def address_asked(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence("asked for another mail address", icon="mail")


def address_changed(said: Payload, content: Pinned | None) -> Sentence:
    whose = f"the mail address of {said['name']}" if said["name"] else "their mail address"
    return Sentence(f"changed {whose}", icon="mail")


def preferences_changed(said: Payload, content: Pinned | None) -> Sentence:
    names = [PREFERENCES.get(name, name) for name in said["changes"]]
    return Sentence(f"changed in their preferences: {', '.join(names)}", icon="settings")


def view_saved(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"saved {_view(said)}", icon="bookmark")


def view_renamed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"renamed {_view(said)}", change=was_before("", said["name"], said["was"]))


def view_removed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"removed {_view(said)}", icon="trash-2")


def sessions_ended(said: Payload, content: Pinned | None) -> Sentence:
    count = said["count"]
    return Sentence(f"ended {count} session{'' if count == 1 else 's'}", icon="log-out")


def work_handed_over(said: Payload, content: Pinned | None) -> Sentence:
    """Nadia left: who has what they held."""
    count = len(said["items"])
    held = [f"{count} item{'' if count == 1 else 's'}"] if count else []
    held += [f"the duty {duty.replace('_', ' ')}" for duty in said["duties"]]
    held += ["the lead"] if said["lead"] else []
    moved = [f"{' and '.join(held)} to {said['to'] or 'nobody'}"] if held else []
    if said["approver"]:
        moved.append(f"an approver's seat to {said['decider'] or 'nobody'}")
    return Sentence(f"handed what {said['name']} held over: {', '.join(moved)}", icon="user-plus")


def calendar_link_made(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence("made a link to their calendar", icon="link")


def calendar_link_revoked(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence("revoked the link to their calendar", icon="link")


def hook_added(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"added the {_way(said)} channel {said['name']}", icon="link")


def hook_removed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"removed the {_way(said)} channel {said['name']}", icon="trash-2")


def own_channel_added(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"added a {_way(said)} channel of their own", icon="link")


def own_channel_removed(said: Payload, content: Pinned | None) -> Sentence:
    whose = f"of {said['name']}" if said.get("is_gone") else "of their own"
    return Sentence(f"removed the {_way(said)} channel {whose}", icon="trash-2")


def mail_came_back(said: Payload, content: Pinned | None) -> Sentence:
    whose = said["person"] or "themselves"
    return Sentence(f"marked that a mail to {whose} came back", icon="mail", tone="amber")


def mail_works_again(said: Payload, content: Pinned | None) -> Sentence:
    whose = said["person"] or "them"
    return Sentence(f"said that mails reach {whose} again", icon="mail")


def _way(said: Payload) -> str:
    return WAYS.get(said["way"], "")


def item_snoozed(said: Payload, content: Pinned | None) -> Sentence:
    then = f"until {weekday(date.fromisoformat(said['until']))}"
    return Sentence("wants no reminders of", then=then, icon="alarm-clock", is_about_item=True)


def reminders_snoozed(said: Payload, content: Pinned | None) -> Sentence:
    until = weekday(date.fromisoformat(said["until"]))
    return Sentence(f"wants no reminders until {until}", icon="alarm-clock")


def reminders_woken(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence("wants reminders again", icon="alarm-clock")


def role_given(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(_role("gave", "to", said), icon="key-round")


def role_taken(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(_role("took", "from", said), icon="key-round")


def team_added(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(_named("added the team", said, "name", "team"), icon="users-round")


def team_quorum_set(said: Payload, content: Pinned | None) -> Sentence:
    wanted = said.get("quorum") or "no set number of"
    did = f"asks for {wanted} approver{'' if wanted == 1 else 's'} on launches of"
    return Sentence(_named(did, said, "name", "team"), icon="scale")


def team_escalation_set(said: Payload, content: Pinned | None) -> Sentence:
    """Chose when others hear of late work in a team."""
    days = f"after {said.get('lead_after')} and {said.get('approver_after')} workdays"
    when = days if said.get("is_on") else "never"
    where = f" of {said['name']}" if said.get("name") else ""
    return Sentence(f"lets leads and approvers{where} hear of late work {when}", icon="alarm-clock")


def team_holiday_added(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"made {_holiday(said)} a holiday of {said['name']}", icon="calendar")


def team_holiday_removed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"made {_holiday(said)} a workday of {said['name']}", icon="calendar")


def _holiday(said: Payload) -> str:
    return f"{weekday(date.fromisoformat(said['day']))}, {said['holiday']},"


SENTENCES: dict[Kind, Callable[[Payload, Pinned | None], Sentence]] = {
    Kind.ADDRESS_ASKED: address_asked,
    Kind.ADDRESS_CHANGED: address_changed,
    Kind.CALENDAR_LINK_MADE: calendar_link_made,
    Kind.CALENDAR_LINK_REVOKED: calendar_link_revoked,
    Kind.HOOK_ADDED: hook_added,
    Kind.HOOK_REMOVED: hook_removed,
    Kind.INVITATION_REVOKED: invitation_revoked,
    Kind.MAIL_CAME_BACK: mail_came_back,
    Kind.MAIL_WORKS_AGAIN: mail_works_again,
    Kind.OWN_CHANNEL_ADDED: own_channel_added,
    Kind.OWN_CHANNEL_REMOVED: own_channel_removed,
    Kind.PASSWORD_CHANGED: password_changed,
    Kind.PERSON_ADDED: person_added,
    Kind.PERSON_AWAY: person_away,
    Kind.PERSON_BACK: person_back,
    Kind.PERSON_DEACTIVATED: person_deactivated,
    Kind.PERSON_INVITED: person_invited,
    Kind.PERSON_JOINED: person_joined,
    Kind.PERSON_REACTIVATED: person_reactivated,
    Kind.ITEM_SNOOZED: item_snoozed,
    Kind.REMINDERS_SNOOZED: reminders_snoozed,
    Kind.REMINDERS_WOKEN: reminders_woken,
    Kind.ROLE_GIVEN: role_given,
    Kind.ROLE_TAKEN: role_taken,
    Kind.PREFERENCES_CHANGED: preferences_changed,
    Kind.SESSIONS_ENDED: sessions_ended,
    Kind.TEAM_ADDED: team_added,
    Kind.TEAM_ESCALATION_SET: team_escalation_set,
    Kind.TEAM_HOLIDAY_ADDED: team_holiday_added,
    Kind.TEAM_HOLIDAY_REMOVED: team_holiday_removed,
    Kind.TEAM_QUORUM_SET: team_quorum_set,
    Kind.VIEW_REMOVED: view_removed,
    Kind.VIEW_RENAMED: view_renamed,
    Kind.VIEW_SAVED: view_saved,
    Kind.WORK_HANDED_OVER: work_handed_over,
}


def _view(said: Payload) -> str:
    """Which view, and whose."""
    name = f" “{said['name']}”" if said["name"] else ""
    return f"the view{name} of {said['team_name'] or 'their own'}"


def _named(did: str, said: Payload, *names: str) -> str:
    """What was done, and to whom, as far as the event says."""
    return " ".join([did, *(str(said[name]) for name in names if said.get(name))][:2])


def _role(did: str, way: str, said: Payload) -> str:
    """Which role went to whom, and where, as far as the event says."""
    to = f" {way} {said['person']}" if said.get("person") else ""
    where = f" in {said['team_name']}" if said.get("team_name") else ""
    return f"{did} the role {said.get('role', '')}{to}{where}"
