"""What the pages about oneself may contain."""

from django import forms

from readiness.accounts.models import Theme, User
from readiness.accounts.zones import zone_names

WEEKDAYS = [
    (1, "Monday"), (2, "Tuesday"), (3, "Wednesday"), (4, "Thursday"),
    (5, "Friday"), (6, "Saturday"), (7, "Sunday"),
]  # fmt: skip


class PreferencesForm(forms.ModelForm):
    """How the product looks and when it writes to a person."""

    zone = forms.ChoiceField(label="Time zone")
    digest_hour = forms.TypedChoiceField(
        label="Reminder mail at",
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
    )
    workdays = forms.TypedMultipleChoiceField(
        label="Your workdays",
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one workday."},
    )
    theme = forms.ChoiceField(label="Theme", choices=[(t.value, t.value.title()) for t in Theme])

    class Meta:
        model = User
        fields = ["name", "zone", "digest_hour", "workdays", "mails_on", "theme", "keys_on"]
        labels = {
            "mails_on": "Send me reminder mails",
            "keys_on": "Use single-key shortcuts",
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [(name, name.replace("_", " ")) for name in zone_names()]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError("Say your name: it is printed under what you sign.")
        return name
