"""What the pages about oneself may contain."""

from typing import Any

from django import forms

from readiness.accounts.models import Theme, User
from readiness.accounts.zones import ZoneField
from readiness.web import locales

WEEKDAYS = [
    (1, "Monday"), (2, "Tuesday"), (3, "Wednesday"), (4, "Thursday"),
    (5, "Friday"), (6, "Saturday"), (7, "Sunday"),
]  # fmt: skip
NO_NAME = "Say your name: it is printed under what you sign."


class PreferencesForm(forms.ModelForm):
    """How the product looks and when it writes to a person."""

    zone = ZoneField(label="Time zone")
    digest_hour = forms.TypedChoiceField(
        label="Reminder mail at",
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
    )
    workdays = forms.TypedMultipleChoiceField(
        label="Your workdays",
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        error_messages={"required": "Choose at least one workday."},
    )
    locale = forms.ChoiceField(label="Dates and numbers", choices=locales.CHOICES)
    theme = forms.ChoiceField(
        label="Theme",
        choices=[(theme.value, theme.value.title()) for theme in Theme],
        widget=forms.RadioSelect(attrs={"class": "choices"}),
    )

    class Meta:
        model = User
        fields = [
            "name", "zone", "locale", "digest_hour", "workdays", "mails_on", "theme", "keys_on"
        ]  # fmt: skip
        labels = {
            "name": "Name",
            "mails_on": "Send me reminder mails",
            "keys_on": "Use single-key shortcuts",
        }
        error_messages = {
            "name": {
                "required": NO_NAME,
                "max_length": "Use at most %(limit_value)d characters. This has %(show_value)d.",
            }
        }
        widgets = {"name": forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"})}

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        days, names = locales.LOCALES[self.instance.locale].weekdays(), dict(WEEKDAYS)
        self.fields["workdays"].choices = [(day, names[day]) for day in days]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError(NO_NAME)
        return name
