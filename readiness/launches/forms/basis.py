"""What may be said about the ground of sign-offs: configurations, and who signs for a duty."""

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from readiness.accounts.models import User

LONGEST_VALUE = 200


class DeclareForm(forms.Form):
    """What a configuration is from now on."""

    kind = forms.CharField(max_length=64)
    value = forms.CharField(
        max_length=LONGEST_VALUE,
        error_messages={"required": "Say what it is now: a version, a commit, or a few words."},
    )


class SignerForm(forms.Form):
    """Who signs for a duty beside its holder, or no longer does."""

    duty = forms.CharField(max_length=64)
    person = forms.ModelChoiceField(
        User.objects.none(),
        error_messages={
            "required": "Choose a person.",
            "invalid_choice": "Choose one of the people who are offered.",
        },
    )
    act = forms.ChoiceField(choices=[("add", "add"), ("remove", "remove")])

    def __init__(self, sent: QueryDict, *, people: "QuerySet[User]") -> None:
        super().__init__(sent)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
