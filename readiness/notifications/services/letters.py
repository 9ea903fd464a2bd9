"""Letters: a delivery written out, with its subject, its two parts and its headers."""

from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from readiness.accounts.invitations import is_standing, link_of, token_of
from readiness.accounts.models import WORKDAYS, Invitation, User
from readiness.launches.models import Launch
from readiness.notifications.kinds import BY_KIND
from readiness.notifications.kinds.message import Calendar, News
from readiness.notifications.models import Channel, Delivery, Kind
from readiness.notifications.queries.digest import Digest, digest_of
from readiness.notifications.queries.escalating import late_for
from readiness.notifications.queries.heads import head_of
from readiness.notifications.queries.hours import next_digest
from readiness.notifications.queries.passes import LASTS, without_passes
from readiness.notifications.queries.titles import CHANNELS
from readiness.notifications.queries.told import Told, told_as_test
from readiness.notifications.queries.weekly import week_of
from readiness.notifications.services.in_short import digest_in_short, news_in_short
from readiness.notifications.services.queueing import domain
from readiness.notifications.services.subscribing import unsubscribe_url
from readiness.web import locales
from readiness.web.templatetags.face import day

LONGEST_SUBJECT = 160
POLICY = SMTP.clone(cte_type="7bit")

NOTHING_DUE = "Nothing was due any more when it was about to go."
NOT_INVITED = "The invitation was revoked, taken, or sent anew."
NOT_SEEN = "They may not see this launch any more."


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says."""

    subject: str
    text: str
    html: str
    secret: str = ""  # lets somebody in: like links that act, not kept where others read it
    launch: int | None = None  # whose mails stand together
    calendar: Calendar | None = None
    told: Told | None = None  # the same in short, where there are other ways than mail

    def kept(self, part: str) -> str:
        """A part as the outbox keeps it: without a mail server that is where it is read."""
        if not settings.EMAIL_HOST:
            return part
        part = without_passes(part)
        return part.replace(self.secret, "…") if self.secret else part


def letter_of(delivery: Delivery, now: datetime) -> Letter | str:
    """What the message says now, or why there is nothing to say any more."""
    if delivery.invitation:
        with locales.written_for(delivery.invitation.invited_by.locale):
            letter = invitation_letter(delivery.invitation, delivery.window, now)
            return letter or NOT_INVITED
    if delivery.recipient is None:
        return NOTHING_DUE
    with locales.written_for(delivery.recipient.locale):
        if delivery.kind == Kind.TEST.value:
            return test_letter(delivery, now)
        if delivery.kind in BY_KIND:
            return news_letter(delivery, BY_KIND[delivery.kind], delivery.recipient, now)
        if delivery.kind == Kind.WEEKLY.value:
            return weekly_letter(delivery.recipient, now) or NOTHING_DUE
        if delivery.kind == Kind.ESCALATION.value:
            return escalation_letter(delivery, delivery.recipient, now) or NOTHING_DUE
        return digest_letter(delivery, delivery.recipient, now) or NOTHING_DUE


def test_letter(delivery: Delivery, now: datetime) -> Letter:
    """That a channel of theirs is reached."""
    told = told_as_test(CHANNELS[Channel(delivery.channel)], now)
    return Letter(subject="Test", text=told.sentence, html="", told=told)


def news_letter(delivery: Delivery, news: News, person: User, now: datetime) -> Letter | str:
    """What happened to a launch, for somebody who may still see it."""
    seen = Launch.objects.visible_to(person).filter(news.launch(delivery))
    launch = seen.select_related("subject", "lead", "team").first()
    if launch is None:
        return NOT_SEEN
    message = news.letter(delivery, launch, person, now)
    if isinstance(message, str):
        return message
    head = head_of(launch, now)
    context = {
        "message": message,
        "subject": message.subject,
        "preheader": message.text or launch.name,
        "head": head,
        "url": settings.BASE_URL + message.url,
        "why": news.why,
        **_foot(person, Kind(delivery.kind)),
        **message.more,
    }
    return Letter(
        subject=_cut(message.subject),
        text=render_to_string(f"{message.template}.txt", context),
        html=render_to_string(f"{message.template}.html", context),
        launch=launch.pk,
        calendar=message.calendar,
        told=news_in_short(delivery, message, launch, head),
    )


def invitation_letter(invitation: Invitation, window: str, now: datetime) -> Letter | None:
    """Where to come in, or for who was here already what they now are; None if it ended."""
    is_known = invitation.person_id is not None
    is_latest = window.startswith(f"mail {invitation.sent} of")
    if not is_latest or not (is_known or is_standing(invitation, now)):
        return None
    team, by = invitation.team.name, invitation.invited_by.name
    ends = day(invitation.ends_at.astimezone(invitation.invited_by.tzinfo))
    token = "" if is_known else token_of(invitation)
    subject = f"You are in {team} now" if is_known else f"{by} invites you to {team}"
    context = {
        "subject": subject,
        "preheader": f"{by} gave you a place in {team}.",
        "team": team,
        "by": by,
        "by_email": invitation.invited_by.email,
        "email": invitation.email,
        "roles": " and ".join(invitation.roles),
        "is_known": is_known,
        "ends": ends,
        "organisation": settings.ORGANISATION,
        "url": settings.BASE_URL + "/" if is_known else link_of(invitation),
    }
    return Letter(
        subject=_cut(subject),
        text=render_to_string("notifications/invitation.txt", context),
        html=render_to_string("notifications/invitation.html", context),
        secret=token,
    )


def digest_letter(delivery: Delivery, person: User, now: datetime) -> Letter | None:
    """What a person should do; None when nothing is due any more."""
    digest = digest_of(delivery, now)
    if digest is None:
        return None
    lever, mine_url = _lever(digest), settings.BASE_URL + reverse("launches:mine")
    subject = _cut(f"{digest.headline}: {digest.names}")
    context = {
        "digest": digest,
        "subject": subject,
        "preheader": f"{digest.first.title}: {_lower(digest.first.due)}. {lever}".strip(),
        "greeting": _greeting(person, now),
        "hour": f"{person.digest_hour:02}:00",
        "days": "on workdays" if person.workdays == WORKDAYS else "on your workdays",
        "expires": day((now + LASTS).astimezone(person.tzinfo)),
        "mine_url": mine_url,
        **_foot(person, Kind.DIGEST),
    }
    return Letter(
        subject=subject,
        text=render_to_string("notifications/digest.txt", context),
        html=render_to_string("notifications/digest.html", context),
        told=digest_in_short(delivery, digest, lever, mine_url),
    )


def weekly_letter(person: User, now: datetime) -> Letter | None:
    """What an approver should know of the week; None when that is nothing."""
    week = week_of(person, now)
    if week is None:
        return None
    subject = f"{week.headline}. {week.warning}" if week.warning else week.headline
    context = {
        "week": week,
        "subject": subject,
        "preheader": ", ".join(week.names[:3]),
        "today": locales.current().in_full(now.astimezone(person.tzinfo)),
        "dashboard_url": settings.BASE_URL + reverse("launches:dashboard"),
        **_foot(person, Kind.WEEKLY),
    }
    return Letter(
        subject=_cut(subject),
        text=render_to_string("notifications/weekly.txt", context),
        html=render_to_string("notifications/weekly.html", context),
    )


def escalation_letter(delivery: Delivery, person: User, now: datetime) -> Letter | None:
    """Which work of others is late for days; None when none is any more."""
    groups = late_for(person, date.fromisoformat(delivery.window), now)
    if not groups:
        return None
    count = sum(len(group.lines) for group in groups)
    headline = "1 item is late for days" if count == 1 else f"{count} items are late for days"
    names = ", ".join(group.head.name for group in groups)
    context = {
        "groups": groups,
        "headline": headline,
        "subject": f"{headline}: {names}",
        "preheader": groups[0].lines[0].title,
        **_foot(person, Kind.ESCALATION),
    }
    return Letter(
        subject=_cut(f"{headline}: {names}"),
        text=render_to_string("notifications/escalation.txt", context),
        html=render_to_string("notifications/escalation.html", context),
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """The digest that a person would get next; no letter where there is nothing to say."""

    on: str
    at: str
    letter: Letter | None


def preview_of(person: User, now: datetime) -> Preview:
    """The next digest, as far as it is known now: nothing is queued by it."""
    day_there, at = next_digest(person, now)
    digest = Delivery(
        recipient=person,
        kind=Kind.DIGEST.value,
        window=day_there.isoformat(),
        channel=Channel.MAIL.value,
        due_at=at,
    )
    with locales.written_for(person.locale):
        letter = digest_letter(digest, person, at)
        return Preview(on=day(day_there), at=f"{person.digest_hour:02}:00", letter=letter)


def mime_of(delivery: Delivery, letter: Letter, now: datetime) -> bytes:
    """The mail as a server takes it. A line break in a header is a ValueError."""
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = letter.subject
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = Address(delivery.to_name, addr_spec=ascii_address(delivery.to_address))
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = delivery.message_id
    mail["Auto-Submitted"] = "auto-generated"
    if letter.launch:
        mail["In-Reply-To"] = mail["References"] = thread_of(letter.launch)
    if delivery.recipient and not delivery.invitation:
        stop = unsubscribe_url(delivery.recipient, Kind(delivery.kind))
        mail["List-Unsubscribe"] = f"<{stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        text, said = letter.calendar.text, {"method": letter.calendar.method}
        mail.add_alternative(text, subtype="calendar", params=said)
        mail.add_attachment(text, subtype="calendar", params=said, filename="review.ics")
    return mail.as_bytes()


def thread_of(launch: int) -> str:
    """The id of the message that none ever was, and all of a launch answer."""
    return f"<launch-{launch}@{domain()}>"


def ascii_address(address: str) -> str:
    """The address with its domain as mail servers write it; a local part stays as it is."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _foot(person: User, kind: Kind) -> dict[str, str]:
    """What every mail to a person ends with: the ways to another mind."""
    return {
        "organisation": settings.ORGANISATION,
        "preferences_url": settings.BASE_URL + reverse("notifications:choices"),
        "unsubscribe_url": unsubscribe_url(person, kind),
    }


def _cut(subject: str) -> str:
    """A subject on one line, and no longer than clients show."""
    words = " ".join(subject.split())
    return words if len(words) <= LONGEST_SUBJECT else f"{words[: LONGEST_SUBJECT - 1]}…"


def _lever(digest: Digest) -> str:
    lever = digest.lever
    if lever is None:
        return ""
    return f"{lever.who} enough to move {lever.launch} from {lever.was} to {lever.becomes}."


def _greeting(person: User, now: datetime) -> str:
    hour = now.astimezone(person.tzinfo).hour
    part = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    return f"Good {part}, {person.first_name}." if person.first_name else f"Good {part}."


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
