"""Another mail address: for oneself by a mail to it, for somebody else as a site admin."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from readiness import clock
from readiness.accounts.addresses import change_of
from readiness.accounts.confirming import confirm
from readiness.accounts.forms import AddressForm
from readiness.accounts.models import AddressChange, User
from readiness.accounts.requests import Asked
from readiness.audit import addresses as services
from readiness.web.forms import focus_first_error
from readiness.web.refusal import Refused
from readiness.web.templatetags.face import day

TOO_MANY = "You asked for a new address five times within an hour. Go on in an hour."
CHANGED = "Your mail address is changed. Sign in with it from now on."


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: Asked) -> HttpResponse:
    """Ask for another address of one's own: a mail to it has the link that makes it so."""
    form = _form(request, request.user)
    if form.is_bound and form.is_valid() and _is_confirmed(request, form):
        if ratelimit.consume(
            request, app="allauth.account", action="manage_email", user=request.user
        ):
            services.ask_for_address(request.user, form.cleaned_data["email"], now=clock.now())
            return redirect(reverse("accounts:address") + "?sent")
        form.add_error("email", TOO_MANY)
    focus_first_error(form)
    wanted = AddressChange.objects.filter(person=request.user, ends_at__gt=clock.now()).first()
    context = {
        "nav": "me",
        "form": form,
        "wanted": wanted,
        "ends": _when(wanted, request.user),
        "sends_mails": bool(settings.EMAIL_HOST),
        "is_changed": "changed" in request.GET,
    }
    return render(request, "accounts/address.html", context, status=_status(form))


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what the link is for; POST makes the address theirs. Programs open links, too."""
    now = clock.now()
    change = change_of(token, now)
    if change is None:
        return render(request, "accounts/address_confirm.html", {"is_over": True}, status=404)
    if request.method != "POST":
        return render(request, "accounts/address_confirm.html", {"change": change})
    by = request.user if isinstance(request.user, User) else None
    current = request.session.session_key
    person = services.confirm_address(token, by=by, current=current, now=now)
    if by and by.pk == person.pk:
        return redirect(reverse("accounts:address") + "?changed")
    messages.success(request, CHANGED)
    return redirect("account_login")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def set_address(request: Asked, pk: int) -> HttpResponse:
    """Give somebody another address at once, with one's own password."""
    person = get_object_or_404(User, pk=pk)
    form = _form(request, person)
    if form.is_bound and form.is_valid() and _is_confirmed(request, form):
        try:
            services.set_address(
                person,
                form.cleaned_data["email"],
                by=request.user,
                current=request.session.session_key,
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, f"{person.name} has another mail address now.")
            return redirect("people:person", person.pk)
    focus_first_error(form)
    context = {
        "nav": "teams",
        "form": form,
        "person": person,
        "sends_mails": bool(settings.EMAIL_HOST),
    }
    return render(request, "accounts/address.html", context, status=_status(form))


def _form(request: Asked, person: User) -> AddressForm:
    return AddressForm(request.POST if request.method == "POST" else None, person=person)


def _is_confirmed(request: Asked, form: AddressForm) -> bool:
    """Whether the password is that of who asks; as many wrong ones as at the door."""
    if wrong := confirm(request, form.cleaned_data["password"]):
        form.add_error("password", wrong)
    return not wrong


def _status(form: AddressForm) -> int:
    return 422 if form.is_bound else 200


def _when(wanted: AddressChange | None, person: User) -> str:
    """Until when its link works, in the person's own time."""
    if wanted is None:
        return ""
    ends = wanted.ends_at.astimezone(person.tzinfo)
    return f"{day(ends)} at {ends:%H:%M}"
