"""What requests to the outbox, and to the page of what one hears, may contain."""

from typing import Any

from django import forms

from readiness.notifications.queries.preferences import Way, ways

LARGEST_ID = 2**63 - 1


class OutboxForm(forms.Form):
    """Which part of the outbox is asked for."""

    state = forms.CharField(required=False, max_length=8)
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)


class ChoicesForm(forms.Form):
    """A tick for every kind of message and way out; what is not ticked is a no."""

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        for name in ways():
            self.fields[name] = forms.BooleanField(required=False)

    @property
    def chosen(self) -> dict[Way, bool]:
        return {way: self.cleaned_data[name] for name, way in ways().items()}
