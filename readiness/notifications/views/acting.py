"""Where the links of a mail lead: one item, with the act in focus, for who was written to."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from readiness import clock
from readiness.audit.services import AlreadyDone
from readiness.launches.queries.board import board_of
from readiness.launches.queries.item_page import item_page, items_with_launch
from readiness.notifications.forms import ActForm
from readiness.notifications.queries.passes import Pass, pass_of
from readiness.notifications.services import from_mail
from readiness.notifications.services.snoozing import soonest
from readiness.web import locales
from readiness.web.forms import focus_first_error
from readiness.web.refusal import Refused
from readiness.web.templatetags.face import day

TEMPLATE = "notifications/act.html"


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in a line, and what that means."""

    title: str
    then: str = ""


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks and changes nothing, as programs open the links of mails too; POST does."""
    now = clock.now()
    found = pass_of(token, now)
    if found is None:
        return render(request, TEMPLATE, {"is_over": True}, status=404)
    with locales.written_for(found.person.locale):
        if request.method != "POST":
            return _page(request, found, ActForm(), now)
        form = ActForm(request.POST)
        if not form.is_valid():
            return _page(request, found, form, now, status=422)
        try:
            done = _carried_out(found, form, now)
        except Refused as refusal:
            fresh = ActForm(initial=form.cleaned_data)
            words = str(refusal)
            return _page(request, found, fresh, now, notice=words, status=refusal.status)
        return render(request, TEMPLATE, {"done": done, "item": found.item})


def _carried_out(found: Pass, form: ActForm, now: datetime) -> Done:
    """Do what was asked; a second click of the same is the first."""
    said = form.cleaned_data
    try:
        if said["act"] == "done":
            from_mail.mark_done(found, url=said["url"], version=said["v"], now=now)
        elif said["act"] == "not-mine":
            lead = from_mail.not_mine(found, version=said["v"], now=now)
            return Done(
                f"It went to {lead.name}", "They lead the launch and see that it is theirs."
            )
        else:
            until = from_mail.remind_later(found, now=now)
            return Done(f"You hear of it again on {day(until)}", "Its due date stays as it is.")
    except AlreadyDone:
        return Done("That is done already")
    board = board_of(found.item.launch, now)
    where = f"{board.launch.name} is at {locales.number(board.verdict.shown)}."
    return Done("It is done", where)


def _page(
    request: HttpRequest, found: Pass, form: ActForm, now: datetime, *, notice: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    focus_first_error(form)
    item = items_with_launch().get(pk=found.item.pk)
    board = board_of(item.launch, now)
    context = {
        "page": item_page(item, board, reader=found.person),
        "launch": item.launch,
        "band": board.verdict.band.title if board.verdict.band else "Nothing to assess",
        "days": (item.launch.launch_on - item.launch.day_at(now)).days,
        "person": found.person,
        "form": form,
        "focus": request.GET.get("do", "done"),
        "later": day(soonest(found.person, now)),
        "ends": day(found.ends_at.astimezone(found.person.tzinfo)),
        "notice": notice,
    }
    return render(request, TEMPLATE, context, status=status)
