"""What requests to the outbox may contain."""

from django import forms

LARGEST_ID = 2**63 - 1


class OutboxForm(forms.Form):
    """Which part of the outbox is asked for."""

    state = forms.CharField(required=False, max_length=8)
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
