"""Words about sign-offs: that one is still true, that one signs alone, that one confirms it."""

from django import forms

from readiness.launches.forms.items import Change, area

LONGEST = 2_000


class ReaffirmForm(Change):
    """What one signed is still true."""

    note = forms.CharField(max_length=LONGEST, required=False, label="Note", widget=area())


class BreakGlassForm(Change):
    """One signs alone, past the signing policy, and says why."""

    because = forms.CharField(
        max_length=LONGEST,
        label="Why this cannot wait",
        widget=area(),
        error_messages={"required": "Say why this cannot wait for those who should sign."},
    )


class ConfirmForm(Change):
    """A second person confirms that somebody had to sign alone."""

    note = forms.CharField(max_length=LONGEST, required=False, label="Note", widget=area())
