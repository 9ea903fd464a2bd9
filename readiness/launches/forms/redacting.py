"""What a redaction may contain."""

from django import forms

from readiness.web.forms import LONGEST_KEY


class RedactForm(forms.Form):
    """Why words are taken out; the reason stays in their place."""

    because = forms.CharField(
        max_length=300,
        label="Why",
        help_text="All who see the history read this in its place. Do not repeat the secret.",
        error_messages={"required": "Say why: the reason stays where the words were."},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    key = forms.CharField(max_length=LONGEST_KEY, widget=forms.HiddenInput, required=False)
