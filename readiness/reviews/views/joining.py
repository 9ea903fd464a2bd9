"""Coming into the room: with the button, or with the short code that the wall shows."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.reviews.forms.room import CodeForm
from readiness.reviews.models import Review
from readiness.reviews.models.room import Device
from readiness.reviews.queries.room import reviews_with_launch
from readiness.reviews.queries.stage import PAGES, WALL
from readiness.reviews.services import presence
from readiness.web.doors import doors

UNKNOWN = "No review that you may see has this code. Look at the wall again."


@require_POST
def join(request: Asked, pk: int) -> HttpResponse:
    """Take a chair in the room."""
    review = permitted(request, reviews_with_launch(), pk)
    device = request.POST.get("device", "")
    device = device if device in PAGES and device != WALL else Device.LAPTOP.value
    with doors():
        presence.join(review, by=request.user, device=Device(device), now=clock.now())
    page = PAGES[device] if review.is_meeting else "reviews:review"
    return redirect(page, review.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def with_code(request: Asked) -> HttpResponse:
    """Type the code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if Review.objects.visible_to(request.user).filter(code=code).exists():
            return redirect("reviews:join-by-code", code)
        form.add_error("code", UNKNOWN)
    status = 422 if form.errors else 200
    return render(request, "reviews/join.html", {"nav": "reviews", "form": form}, status=status)


@require_safe
def by_code(request: Asked, code: str) -> HttpResponse:
    """What the code leads to. It lets in only who may see the launch anyway."""
    found = reviews_with_launch().visible_to(request.user).filter(code=code.upper()).first()
    if found is None:
        form = CodeForm({"code": code[:12]})
        form.add_error("code", UNKNOWN)
        context = {"nav": "reviews", "form": form}
        return render(request, "reviews/join.html", context, status=404)
    if not found.is_meeting:
        return redirect(found)
    context = {
        "nav": "reviews",
        "review": found,
        "joining": reverse("reviews:join", args=[found.pk]),
    }
    return render(request, "reviews/join.html", context)
