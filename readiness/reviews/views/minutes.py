"""What a review leaves behind: its minutes as a page, as Markdown and on paper; and its end."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.reviews.models import Minutes, Review
from readiness.reviews.policies import finishing as policies
from readiness.reviews.queries.minutes_markdown import markdown
from readiness.reviews.queries.minutes_text import shown_of
from readiness.reviews.services import finishing
from readiness.web.doors import doors
from readiness.web.forms import new_key, sent_key, whole_number
from readiness.web.refusal import Refused

MARKDOWN = "text/markdown; charset=utf-8"


@require_safe
def minutes(request: Asked, pk: int) -> HttpResponse:
    """What the review came to."""
    found = _minutes(request, _review(request, pk))
    if found is None:
        return redirect("reviews:review", pk)
    review, now = found.review, clock.now()
    shown = shown_of(found)
    context = {
        "nav": "reviews",
        "review": review,
        "shown": shown,
        "markdown": markdown(shown),
        "is_latest": found.number == shown.numbers[-1],
        "may_reopen": not policies.reopening(review, review.launch, None, request.user, now),
        "key": new_key(),
    }
    return render(request, "reviews/minutes.html", context)


@require_safe
def as_markdown(request: Asked, pk: int) -> HttpResponse:
    found = _minutes(request, _review(request, pk))
    if found is None:
        return redirect("reviews:review", pk)
    name = f"launch-{found.review.launch_id}-review-{found.review.number}.md"
    return HttpResponse(
        markdown(shown_of(found)) + "\n",
        content_type=MARKDOWN,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@require_safe
def on_paper(request: Asked, pk: int) -> HttpResponse:
    found = _minutes(request, _review(request, pk))
    if found is None:
        return redirect("reviews:review", pk)
    context = {"review": found.review, "shown": shown_of(found)}
    return render(request, "reviews/minutes_print.html", context)


@require_POST
def finish(request: Asked, pk: int) -> HttpResponse:
    """End the review and write its minutes."""
    return _turned(request, pk, finishing.finish, "The review is finished. These are its minutes.")


@require_POST
def reopen(request: Asked, pk: int) -> HttpResponse:
    """Go on with a review that was finished."""
    return _turned(request, pk, finishing.reopen, "The review goes on.")


def _turned(request: Asked, pk: int, service: Callable[..., object], says: str) -> HttpResponse:
    """Carry it out once, and show the review as it stands, or why it stands as it did."""
    review = _review(request, pk)
    try:
        with doors():
            service(review, by=request.user, key=sent_key(request), now=clock.now())
    except AlreadyDone:
        pass
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, says)
    address = review.get_absolute_url()
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _review(request: Asked, pk: int) -> Review:
    rows = Review.objects.select_related("launch__team", "launch__subject", "facilitator")
    return permitted(request, rows, pk)


def _minutes(request: Asked, review: Review) -> Minutes | None:
    """The minutes that are asked for, else the last; none before there are any."""
    kept = review.minutes.order_by("-number")
    number = request.GET.get("number", "")
    if number:
        found: Minutes | None = get_object_or_404(kept, number=whole_number(number, digits=4))
    else:
        found = kept.first()
    if found:
        found.review = review
    return found
