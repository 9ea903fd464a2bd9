"""What every form does when it comes back with errors."""

from django import forms


def focus_first_error(form: forms.BaseForm) -> None:
    """Have the browser start at the first field to correct, also without JavaScript."""
    for bound in form:
        if bound.errors and not bound.use_fieldset:
            bound.field.widget.attrs["autofocus"] = True
            return
