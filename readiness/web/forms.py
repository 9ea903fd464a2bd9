"""What every form does: be sent once, and come back with the focus on what to correct."""

from uuid import uuid4

from django import forms
from django.http import HttpRequest

LONGEST_KEY = 80


def new_key() -> str:
    """The key of a form that is shown now: it is carried out once, however often it is sent."""
    return uuid4().hex


def sent_key(request: HttpRequest) -> str:
    """The key of the form that was sent."""
    return request.POST.get("key", "")[:LONGEST_KEY] or new_key()


def whole_number(said: str, *, digits: int) -> int:
    """A number of at most so many digits as a form or an address sent it; 0 if it is none."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= digits else 0


def focus_first_error(form: forms.BaseForm) -> None:
    """Have the browser start at the first field to correct, also without JavaScript."""
    for bound in form:
        if bound.errors and not bound.use_fieldset:
            bound.field.widget.attrs["autofocus"] = True
            return
