"""The outbox, and the door out of a mail."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.notifications.forms import OutboxForm, ReturnedForm
from readiness.notifications.models import Channel, Delivery, Kind
from readiness.notifications.queries import outbox as queries
from readiness.notifications.queries.preferences import wants
from readiness.notifications.queries.titles import TITLES
from readiness.notifications.services import subscribing
from readiness.notifications.services.returning import lift_returned, mark_returned
from readiness.web.forms import focus_first_error, new_key, sent_key
from readiness.web.middleware.headers import CONTENT_SECURITY_POLICY
from readiness.web.refusal import Refused

# A mail is a page of its own: nothing runs in it, nothing is loaded, only its styles apply.
OF_A_MAIL = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'self'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


@require_safe
def outbox(request: Asked) -> HttpResponse:
    """What went out, and what did not."""
    form = OutboxForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = queries.outbox(asked, request.user)
    context = {"nav": "outbox", "page": page, "keeps_mails": not settings.EMAIL_HOST}
    return render(request, "notifications/outbox.html", context)


@require_safe
def mail(request: Asked, pk: int) -> HttpResponse:
    """One mail, and what became of it."""
    return _mail(request, pk, ReturnedForm())


@require_POST
def came_back(request: Asked, pk: int) -> HttpResponse:
    """Mark that a mail came back: its person gets none at that address any more."""
    delivery = get_object_or_404(Delivery, pk=pk)
    form = ReturnedForm(request.POST)
    if not form.is_valid():
        return _mail(request, pk, form, status=422)
    said = form.cleaned_data["said"]
    try:
        mark_returned(delivery, said=said, by=request.user, key=sent_key(request), now=clock.now())
    except AlreadyDone:
        return redirect(delivery)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(delivery)
    messages.success(request, f"No more mails go to {delivery.address}.")
    return redirect(delivery)


@require_POST
def address_works(request: Asked, pk: int) -> HttpResponse:
    """Let mails go to the address of whom a mail was for again."""
    person = get_object_or_404(User, deliveries=pk)
    return lift(request, person, redirect("notifications:mail", pk))


def lift(request: Asked, person: User, back: HttpResponse) -> HttpResponse:
    """Say that mails reach a person again, once, and lead back."""
    try:
        lift_returned(person, by=request.user, key=sent_key(request), now=clock.now())
        messages.success(request, f"Mails go to {person.email} again.")
    except AlreadyDone:
        messages.success(request, f"Mails go to {person.email} again.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back


def _mail(request: Asked, pk: int, form: ReturnedForm, status: int = 200) -> HttpResponse:
    focus_first_error(form)
    row = queries.message(pk, request.user)
    context = {"nav": "outbox", "row": row, "form": form, "key": new_key()}
    response = render(request, "notifications/mail.html", context, status=status)
    response["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@require_safe
def mail_html(request: Asked, pk: int) -> HttpResponse:
    """The HTML of a mail by itself, for the frame on its page."""
    return HttpResponse(queries.html_of(pk), headers=OF_A_MAIL)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of a person's mails: GET asks, POST does.

    Programs open the links of mails, so GET changes nothing. Mail providers post here for
    their own "unsubscribe" button (RFC 8058) and have neither session nor CSRF token: the
    signed token in the address is what allows this one act, and no cookie is looked at.
    """
    found = subscribing.subscription_of(token)
    if found is None:
        return render(request, "notifications/unsubscribe.html", {"is_old": True}, status=404)
    if request.method == "POST":
        subscribing.stop_mails(found, now=clock.now())
    person = User.objects.get(pk=found.person.pk)
    is_done = not wants(person, found.kind, Channel.MAIL)
    context = {"person": person, "about": TITLES[found.kind], "is_done": is_done}
    context["is_digest"] = found.kind is Kind.DIGEST
    return render(request, "notifications/unsubscribe.html", context)
