"""Planning reviews: the list, the form, the plan and what becomes of it before it begins."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.permissions import Action, can, permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.models import Launch
from readiness.launches.queries.tabs import tabs_of
from readiness.reviews.forms.planning import (
    CancelForm,
    ChangeForm,
    PlanForm,
    Search,
    fresh,
    standing,
)
from readiness.reviews.models import Review
from readiness.reviews.queries.calendar import calendar_of
from readiness.reviews.queries.planning import (
    Chairs,
    chairs_of,
    launches_to_review,
    listed,
    pickable,
    plan_page,
    plannable_by,
    reviews_with_people,
)
from readiness.reviews.services import planning, starting
from readiness.web.doors import doors
from readiness.web.forms import focus_first_error, new_key, sent_key, whole_number
from readiness.web.refusal import Refused


@require_safe
def reviews(request: Asked) -> HttpResponse:
    """The reviews one may see: those that meet, those to come, the finished; or of one launch."""
    launch, said = None, request.GET.get("launch", "")
    if said:
        seen = launches_to_review().visible_to(request.user)
        launch = get_object_or_404(seen, pk=whole_number(said, digits=18))
    team = launch.team_id if launch else None
    leads = launch is not None and launch.lead_id == request.user.pk
    context = {
        "nav": "reviews",
        "launch": launch,
        "tabs": tabs_of(launch) if launch else None,
        "listed": listed(request.user, launch, clock.now()),
        "may_plan": leads or can(request.user, Action.REVIEW_PLAN, team_id=team),
    }
    return render(request, "reviews/list.html", context)


@require_safe
def choose(request: Asked) -> HttpResponse:
    """Of which launch a review is to be planned."""
    pk = whole_number(request.GET.get("launch", ""), digits=18)
    if pk:
        launch = get_object_or_404(launches_to_review().visible_to(request.user), pk=pk)
        return redirect("reviews:new", launch.pk)
    context = {"nav": "reviews", "launches": plannable_by(request.user)}
    return render(request, "reviews/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def new(request: Asked, pk: int) -> HttpResponse:
    """Plan a review of a launch."""
    launch, now = permitted(request, launches_to_review(), pk), clock.now()
    search = Search.of(request)
    chairs = chairs_of(launch, guests=search.chosen, words=search.words)
    if search.is_part:
        return _guests(request, launch, chairs, search)
    form = PlanForm(
        search.sent,
        chairs=chairs,
        sections=pickable(launch, now),
        initial={**fresh(launch, request.user, chairs, now), "key": new_key()} | search.typed,
    )
    if search.sent is None or not form.is_valid():
        return _form(request, launch, form, search=search)

    def plan() -> Review:
        key = form.cleaned_data["key"]
        return planning.plan(launch, form.plan, by=request.user, key=key, now=now)

    return _planned(request, launch, form, plan, "is planned. The invited are told.")


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def edit(request: Asked, pk: int) -> HttpResponse:
    """Change the plan of a review that has not begun."""
    review, now = permitted(request, reviews_with_people(), pk), clock.now()
    search, stands = Search.of(request), standing(review)
    chosen = {*search.chosen, *map(int, stands["guests"])}
    chairs = chairs_of(review.launch, guests=chosen, words=search.words)
    if search.is_part:
        return _guests(request, review.launch, chairs, search, review=review)
    form = ChangeForm(
        search.sent,
        chairs=chairs,
        sections=pickable(review.launch, now),
        initial={**stands, "key": new_key()} | search.typed,
    )
    if search.sent is None or not form.is_valid():
        return _form(request, review.launch, form, review=review, search=search)

    def change() -> Review:
        said = {name: form.cleaned_data[name] for name in ("edition", "key")}
        return planning.change(review, form.plan, by=request.user, now=now, **said)

    done = "is changed. The invited are told."
    return _planned(request, review.launch, form, change, done, review=review)


@require_POST
def cancel(request: Asked, pk: int) -> HttpResponse:
    """Call a review off."""
    review, form = permitted(request, reviews_with_people(), pk), CancelForm(request.POST)
    if not form.is_valid():
        return planned(request, review, cancelling=form, status=422)
    said = {**form.said, "by": request.user, "now": clock.now()}
    return _done(request, review, lambda: planning.cancel(review, **said), cancelling=form)


@require_POST
def start(request: Asked, pk: int) -> HttpResponse:
    """Begin."""
    review = permitted(request, reviews_with_people(), pk)
    said: dict[str, Any] = {"by": request.user, "key": sent_key(request), "now": clock.now()}
    return _done(request, review, lambda: starting.start(review, **said))


@require_safe
def calendar(request: Asked, pk: int) -> HttpResponse:
    """The invitation as a file for a calendar."""
    review = permitted(request, reviews_with_people(), pk)
    content = calendar_of(review, now=clock.now())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    name = f"design-review-{review.launch_id}-{review.number}.ics"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def planned(
    request: Asked,
    review: Review,
    *,
    cancelling: Form | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a review that does not meet yet."""
    context = {
        "nav": "reviews",
        "page": plan_page(review, request.user, clock.now()),
        "cancelling": cancelling or CancelForm(),
        "key": new_key(),
        "address": request.build_absolute_uri(review.get_absolute_url()),
        "refused": refused,
    }
    return render(request, "reviews/plan.html", context, status=status)


def _planned(
    request: Asked,
    launch: Launch,
    form: PlanForm,
    service: Callable[[], Review],
    done: str,
    *,
    review: Review | None = None,
) -> HttpResponse:
    """Carry a plan out: to its page, or back to the form with the reason why not."""
    try:
        with doors():
            planned = service()
    except AlreadyDone as before:
        return redirect("reviews:review", review.pk if review else int(before.outcome))
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, launch, form, review=review, status=refused.status)
    messages.success(request, f"{planned} {done}")
    return redirect(planned)


def _form(
    request: Asked,
    launch: Launch,
    form: PlanForm,
    *,
    review: Review | None = None,
    search: Search | None = None,
    status: int = 0,
) -> HttpResponse:
    if form.errors:
        focus_first_error(form)
        form.again()
    context = {"nav": "reviews", "launch": launch, "review": review, "form": form}
    context["words"] = search.words if search else ""
    return render(
        request, "reviews/plan_form.html", context, status=status or (422 if form.errors else 200)
    )


def _guests(
    request: Asked,
    launch: Launch,
    chairs: Chairs,
    search: Search,
    *,
    review: Review | None = None,
) -> HttpResponse:
    """Who was found outside the team, beside whom is chosen already."""
    form = PlanForm(None, chairs=chairs, sections=(), initial={"guests": search.chosen})
    context = {"launch": launch, "review": review, "form": form, "words": search.words}
    return render(request, "reviews/plan_form.html#guests", context)


def _done(
    request: Asked,
    review: Review,
    act: Callable[[], object],
    *,
    cancelling: Form | None = None,
) -> HttpResponse:
    """Carry an act on a plan out; or the plan as it is now, and why nothing was done."""
    try:
        with doors():
            act()
    except AlreadyDone:
        pass
    except Refused as refused:
        fresh = reviews_with_people().get(pk=review.pk)
        if fresh.is_meeting:
            return redirect(fresh)
        said: dict[str, Any] = {
            "cancelling": cancelling,
            "refused": str(refused),
            "status": refused.status,
        }
        return planned(request, fresh, **said)
    return redirect("reviews:review", review.pk)
