"""Threads: begun, answered, edited, resolved and opened again, on items and on launches."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness import clock
from readiness.accounts.permissions import Action, permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.forms.comments import (
    CommentForm,
    MarkForm,
    ReplyForm,
    RuleForm,
    WordingForm,
)
from readiness.launches.forms.filters import number_of
from readiness.launches.forms.items import Sent
from readiness.launches.models import Comment, Launch
from readiness.launches.queries import mentions as people
from readiness.launches.queries import threads as queries
from readiness.launches.queries.board import Board
from readiness.launches.queries.tabs import tabs_of
from readiness.launches.services import comments as services
from readiness.launches.templatetags import beside
from readiness.launches.views.answers import Toast, carried_out, item_of
from readiness.web.doors import doors
from readiness.web.forms import new_key
from readiness.web.refusal import Refused

OPEN, RESOLVED, ALL = "open", "resolved", "all"
SHOWN = {OPEN: True, RESOLVED: False, ALL: None}


@require_POST
def comment(request: Asked, pk: int) -> HttpResponse:
    """Begin a thread about an item."""
    item = item_of(request, pk)
    service = partial(services.comment, item)
    return carried_out(
        request, pk, CommentForm(request.POST), service, _says("Your comment is there.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: Asked, pk: int) -> HttpResponse:
    """All threads of a launch; a new one about the launch as a whole."""
    launch = permitted(request, Launch.objects.select_related("lead", "team"), pk)
    if request.method != "POST":
        return _discussion(request, launch, CommentForm())
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _discussion(request, launch, form, status=422)
    try:
        with doors():
            said = services.comment_on_launch(launch, by=request.user, now=clock.now(), **form.said)
    except AlreadyDone:
        return redirect("launches:discussion", pk)
    except Refused as refusal:
        form.add_error("text", str(refusal))
        return _discussion(request, launch, form, status=refusal.status)
    messages.success(request, "Your comment is there.")
    return redirect(said)


@require_POST
def rule(request: Asked, pk: int) -> HttpResponse:
    """Say whether a GO waits for open threads."""
    launch = permitted(request, Launch.objects.all(), pk)
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _discussion(request, launch, CommentForm(), status=422)
    try:
        with doors():
            services.let_threads_hold_go(launch, by=request.user, now=clock.now(), **form.said)
    except AlreadyDone:
        pass
    return redirect("launches:discussion", pk)


@require_POST
def reply(request: Asked, pk: int) -> HttpResponse:
    said = _comment_of(request, pk)
    form = ReplyForm(request.POST, about=said.parent_id or pk)
    return _done(request, said, form, partial(services.reply, said), "Your reply is there.")


@require_POST
def edit(request: Asked, pk: int) -> HttpResponse:
    said = _comment_of(request, pk)
    form = WordingForm(request.POST, about=pk)
    return _done(request, said, form, partial(services.edit, said), "It says so now.")


@require_POST
def resolve(request: Asked, pk: int) -> HttpResponse:
    said = _comment_of(request, pk)
    service = partial(services.resolve, said)
    return _done(request, said, MarkForm(request.POST), service, "The thread is resolved.")


@require_POST
def reopen(request: Asked, pk: int) -> HttpResponse:
    said = _comment_of(request, pk)
    service = partial(services.reopen, said)
    return _done(request, said, MarkForm(request.POST), service, "The thread is open again.")


@require_safe
def wordings(request: Asked, pk: int) -> HttpResponse:
    """Every wording of a comment."""
    said = _comment_of(request, pk)
    context = {
        "nav": "launches",
        "comment": said,
        "wordings": queries.wordings_of(said),
        "now": clock.now(),
    }
    return render(request, "launches/comments/wordings.html", context)


@require_safe
def mentions(request: Asked, pk: int) -> HttpResponse:
    """Whom the first letters behind an "@" may mean: those who may read the launch."""
    launch = permitted(request, Launch.objects.all(), pk)
    found = people.offered(launch, request.GET.get("q", "").replace("\x00", "")[:60])
    context = {"people": people.written(launch, found)}
    return render(request, "launches/comments/mentions.html", context)


def _comment_of(request: Asked, pk: int) -> Comment:
    """A comment that this person may read, or do this to."""
    return permitted(request, Comment.objects.select_related("by", "launch", "item__item"), pk)


def _says(words: str) -> Callable[[Board], Toast]:
    return lambda board: Toast(words)


def _done(
    request: Asked, said: Comment, form: Sent, service: Callable[..., object], words: str
) -> HttpResponse:
    """Carry out what a form in a thread asks for, and show the thread where it stands."""
    if said.item_id and request.POST.get("at") != "discussion":
        return carried_out(request, said.item_id, form, service, _says(words))
    if not form.is_valid():
        return _thread(request, said, status=422, faulty={type(form).__name__: form})
    try:
        with doors():
            service(by=request.user, now=clock.now(), **form.said)
    except AlreadyDone:
        pass
    except Refused as refusal:
        if form.has_words:
            form.add_error("text", str(refusal))
            faulty = {type(form).__name__: form}
            return _thread(request, said, status=refusal.status, faulty=faulty)
        if not request.htmx:
            raise
        return _thread(request, said, status=refusal.status, toast=str(refusal))
    if request.htmx:
        return _thread(request, said, toast=words)
    messages.success(request, words)
    return redirect(f"{_page_of(said)}?show=all#thread-{said.parent_id or said.pk}")


def _page_of(said: Comment) -> str:
    return said.launch.get_absolute_url() + "discussion/"


def _thread(
    request: Asked,
    said: Comment,
    *,
    status: int = 200,
    faulty: dict[str, Sent] | None = None,
    toast: str = "",
) -> HttpResponse:
    """One thread in its place; without htmx the whole page, for a form to correct."""
    if not request.htmx:
        return _discussion(request, said.launch, CommentForm(), status=status, faulty=faulty)
    acts = said.launch.acts_of(request.user)
    context = {
        "thread": queries.thread_of(said, reader=request.user, acts=acts),
        "target": f"#thread-{said.parent_id or said.pk}",
        "toast": beside.toast(toast) if toast else "",
        **_around(faulty),
    }
    return render(request, "launches/comments/thread_answer.html", context, status=status)


def _around(faulty: dict[str, Sent] | None) -> dict[str, object]:
    """What every thread is drawn with."""
    return {
        "faulty": faulty or {},
        "comment_key": new_key(),
        "at": "discussion",
        "now": clock.now(),
    }


def _discussion(
    request: Asked,
    launch: Launch,
    form: CommentForm,
    *,
    status: int = 200,
    faulty: dict[str, Sent] | None = None,
) -> HttpResponse:
    show = request.GET.get("show", OPEN if not faulty else ALL)
    show = show if show in SHOWN else OPEN
    acts = launch.acts_of(request.user)
    found = queries.discussion_of(
        launch,
        reader=request.user,
        acts=acts,
        is_open=SHOWN[show],
        before=number_of(request.GET.get("before", "")) or None,
    )
    around = _around(faulty)
    now = clock.now()
    context = {
        "nav": "launches",
        "launch": launch,
        "tabs": tabs_of(launch),
        "discussion": found,
        "days": (launch.launch_on - now.astimezone(launch.tzinfo).date()).days,
        "show": show,
        "shows": [
            (OPEN, "Open", found.open),
            (RESOLVED, "Resolved", found.resolved),
            (ALL, "All", found.open + found.resolved),
        ],
        "may_comment": Action.COMMENT in acts,
        "may_edit": Action.LAUNCH_EDIT in acts and not launch.is_over,
        "form": form,
        **around,
    }
    return render(request, "launches/comments/discussion.html", context, status=status)
