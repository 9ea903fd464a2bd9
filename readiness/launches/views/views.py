"""Saved views: looking them up, saving, renaming, removing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.launches.forms.views import (
    RenameViewForm,
    SaveViewForm,
    ViewForm,
    views_to_change,
)
from readiness.launches.queries.views import PRESETS, beside, tidy
from readiness.launches.services import views as services
from readiness.web.forms import focus_first_error
from readiness.web.refusal import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: Asked) -> HttpResponse:
    """All views of a person; POST saves one."""
    if request.method != "POST":
        return page(
            request, SaveViewForm(by=request.user, initial={"query": request.GET.get("query", "")})
        )
    form = SaveViewForm(request.POST, by=request.user)
    if form.is_valid():
        try:
            view = services.save_view(**form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"The view “{view.name}” is saved.")
            return redirect(f"{reverse('launches:dashboard')}?{view.query}")
    return page(request, form, status=422)


@require_POST
def rename(request: Asked) -> HttpResponse:
    form = RenameViewForm(request.POST, by=request.user)
    if form.is_valid():
        try:
            services.rename_view(
                form.cleaned_data["view"],
                name=form.cleaned_data["name"],
                by=request.user,
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            return redirect("launches:views")
    return page(request, SaveViewForm(by=request.user), faulty=form, status=422)


@require_POST
def remove(request: Asked) -> HttpResponse:
    form = ViewForm(request.POST, by=request.user)
    if form.is_valid():
        services.remove_view(form.cleaned_data["view"], by=request.user, now=clock.now())
        messages.success(request, f"The view “{form.cleaned_data['view'].name}” is removed.")
        return redirect("launches:views")
    return page(request, SaveViewForm(by=request.user), faulty=form, status=422)


def page(
    request: Asked, form: SaveViewForm, *, faulty: ViewForm | None = None, status: int = 200
) -> HttpResponse:
    """Every view with what may be done to it, and the form that saves another."""
    focus_first_error(form)
    query = tidy(form.data.get("query", "") or form.initial.get("query", ""))
    changeable = {view.pk: view for view in views_to_change(request.user)}
    kept = beside(request.user)
    context = {
        "nav": "launches",
        "form": form,
        "query": query,
        "presets": PRESETS,
        "saved": [(view, changeable.get(view.pk)) for view in kept.views],
        "pins": kept.pins,
        "faults": [text for errors in faulty.errors.values() for text in errors] if faulty else [],
    }
    return render(request, "launches/views.html", context, status=status)
