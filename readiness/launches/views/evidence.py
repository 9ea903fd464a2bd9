"""Evidence: added to an item, found again among what the team has, looked at, revised, removed."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.permissions import Action, permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.forms.evidence import ADDING, REVISING, Said, UseForm, WordsForm, kind_of
from readiness.launches.forms.items import RemoveForm
from readiness.launches.models import EvidenceKind, EvidenceLink, LaunchItem
from readiness.launches.queries import evidence as queries
from readiness.launches.queries import proofs
from readiness.launches.queries.board import Board
from readiness.launches.queries.item_page import items_with_launch
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.rows import split_title
from readiness.launches.services import evidence as services
from readiness.launches.views.answers import (
    Toast,
    Undo,
    carried_out,
    item_of,
)
from readiness.launches.views.words import title_of, where_it_is
from readiness.web.doors import doors
from readiness.web.forms import focus_first_error, new_key
from readiness.web.refusal import Refused
from readiness.web.words import asked


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def evidence(request: Asked, pk: int) -> HttpResponse:
    """The form that adds evidence of a kind, or what the team has; and what comes of it."""
    if request.method != "POST":
        return _offer(request, permitted(request, items_with_launch(), pk))
    item = item_of(request, pk)
    form = ADDING[kind_of(request.POST.get("kind", ""))](request.POST, launch=item.launch)

    def toast(board: Board) -> Toast:
        return Toast(f"{form.said['title']} supports {title_of(board, pk)} now.")

    return carried_out(request, pk, form, partial(services.add_evidence, item), toast)


def _offer(request: Asked, item: LaunchItem) -> HttpResponse:
    """A form for one kind of evidence; htmx gets it alone, in the place of the one before."""
    chosen = request.GET.get("kind", "")
    words = asked(request.GET.get("q", ""))
    works_here = not request.user.is_guest or _may_work(request, item.pk)
    is_team = chosen == proofs.TEAM and works_here
    kind = kind_of(chosen)
    content = pinned(item.launch.version_id)
    rule = content.items[item.key]
    head, tail = split_title(rule.title)
    context = {
        "nav": "launches",
        "item": item,
        "head": head,
        "tail": tail,
        "kind": proofs.TEAM if is_team else kind.value,
        "choices": proofs.CHOICES if works_here else proofs.NEW,
        "asks": proofs.asked_of(rule, needed=proofs.is_needed(rule, content)),
        "form": None if is_team else ADDING[kind](launch=item.launch),
        "words": words,
        "search": WordsForm({"q": words}),
        "offered": _offered(request, item, words) if is_team else [],
        "at": request.GET.get("at", "item"),
        "now": clock.now(),
    }
    is_part = request.htmx and not request.htmx.boosted
    context["alone"] = not is_part
    template = "launches/evidence/add.html#adding" if is_part else "launches/evidence/add.html"
    return render(request, template, context)


def _offered(request: Asked, item: LaunchItem, words: str) -> list[tuple[proofs.Proof, str]]:
    """What the team has, and the name of the other launch that it comes from."""
    found = queries.offered(item, reader=request.user, words=words)
    return [
        (proofs.proof_of(one), "" if launch.pk == item.launch_id else launch.name)
        for one in found
        for launch in [one.evidence.launch]
    ]


def _may_work(request: Asked, item: int) -> bool:
    rows = LaunchItem.objects.with_permission(request.user, Action.ITEM_WORK)
    return bool(rows.get(pk=item).is_permitted)


@require_POST
def use(request: Asked, pk: int) -> HttpResponse:
    """Let what the team has support the item."""
    item = item_of(request, pk)

    def toast(board: Board) -> Toast:
        return Toast(f"It supports {title_of(board, pk)} now. {where_it_is(board)}")

    form = UseForm(request.POST)
    return carried_out(request, pk, form, partial(services.use_evidence, item), toast)


@require_POST
def remove(request: Asked, pk: int) -> HttpResponse:
    """Take a piece of evidence off its item; to take that back is to use it again."""
    link = get_object_or_404(EvidenceLink.objects.select_related("revision"), pk=pk)
    item = link.item = item_of(request, link.item_id)

    def toast(board: Board) -> Toast:
        again = reverse("launches:evidence-use", args=[item.pk])
        undo = Undo(again, {"revision": link.revision_id})
        return Toast(f"{link.revision.title} is removed. {where_it_is(board)}", undo)

    service = partial(services.remove_evidence, link)
    return carried_out(request, item.pk, RemoveForm(request.POST), service, toast)


@require_safe
def proof(request: Asked, pk: int) -> HttpResponse:
    """One piece of evidence: what it says, where it comes from, and what it said before."""
    link = _link_of(request, pk)
    now = clock.now()
    context = {
        **_about(request, link),
        "history": proofs.history_of(link),
        "uses": proofs.uses_of(link, reader=request.user, now=now),
        "may_revise": _may_work(request, link.item_id)
        and not link.removed_at
        and not link.item.launch.is_over,
    }
    return render(request, "launches/evidence/proof.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: Asked, pk: int) -> HttpResponse:
    """Say anew what a piece of evidence says, having seen whose sign-offs fall with it."""
    link = _link_of(request, pk)
    kind = EvidenceKind(link.revision.kind)
    if request.method != "POST":
        initial = {"items": [], **_before(link)}
        form = REVISING[kind](launch=link.item.launch, initial=initial)
        return _revising(request, link, form)
    form = REVISING[kind](request.POST, launch=link.item.launch)
    if not form.is_valid():
        focus_first_error(form)
        return _revising(request, link, form, status=422)
    try:
        with doors():
            services.revise_evidence(link, by=request.user, now=clock.now(), **form.said)
    except AlreadyDone:
        pass
    except Refused as refused:
        form.add_error(None, str(refused))
        return _revising(request, link, form, status=refused.status)
    count = len(form.cleaned_data["items"])
    items = f"{count} item{'' if count == 1 else 's'}"
    messages.success(request, f"{form.content.title} is revised on {items}.")
    return redirect("launches:item", link.item_id)


def _link_of(request: Asked, pk: int) -> EvidenceLink:
    """A piece of evidence on an item that this person may read, or work on where that is asked."""
    whole = EvidenceLink.objects.select_related("revision", "evidence", "removed_by")
    link = get_object_or_404(whole, pk=pk)
    link.item = permitted(request, items_with_launch(), link.item_id)
    return link


def _about(request: Asked, link: EvidenceLink) -> dict[str, object]:
    """What both pages about a piece of evidence say of it."""
    now = clock.now()
    rule = pinned(link.item.launch.version_id).items[link.item.key]
    return {
        "nav": "launches",
        "link": link,
        "shown": proofs.link_of(link, reader=request.user, now=now),
        "item": link.item,
        "title": split_title(rule.title)[0],
        "now": now,
    }


def _before(link: EvidenceLink) -> dict[str, object]:
    """What the latest revision says, to begin with: but for when it was captured."""
    latest = link.evidence.revisions.latest("number")
    until = latest.expires_at
    launch = link.item.launch
    text = {} if latest.facts else {"text": latest.body}
    return {
        "title": latest.title,
        "url": latest.url,
        **latest.facts,
        **text,
        "expires_on": launch.last_day_before(until) if until else None,
    }


def _revising(request: Asked, link: EvidenceLink, form: Said, *, status: int = 200) -> HttpResponse:
    uses = proofs.uses_of(link, reader=request.user, now=clock.now())
    sent = request.POST.getlist("items")
    chosen = {one.partition(".")[0] for one in sent}
    context = {
        **_about(request, link),
        "form": form,
        "uses": uses,
        "chosen": [
            use.value
            for use in uses
            if (str(use.item.pk) in chosen if request.method == "POST" else use.is_here)
        ],
        "key": new_key(),
    }
    return render(request, "launches/evidence/revise.html", context, status=status)
