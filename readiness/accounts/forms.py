"""What the pages about oneself may contain."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from readiness.accounts.models import Theme, User
from readiness.accounts.zones import ZoneField
from readiness.web import locales

WEEKDAYS = [
    (1, "Monday"), (2, "Tuesday"), (3, "Wednesday"), (4, "Thursday"),
    (5, "Friday"), (6, "Saturday"), (7, "Sunday"),
]  # fmt: skip
NO_ADDRESS = "This is no mail address. Write it like ann@company.com."
NO_NAME = "Say your name: it is printed under what you sign."


class AddressField(forms.CharField):
    """A mail address, in small letters; none with signs that nobody sees, and that mislead."""

    widget = forms.EmailInput

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=254, **more)
        self.error_messages["max_length"] = "A mail address has at most 254 characters."

    def clean(self, value: Any) -> str:
        address = str(super().clean(value)).lower()
        try:
            validate_email(address)
            address.rpartition("@")[2].encode("idna")  # as mail servers will be asked for it
        except (ValidationError, UnicodeError) as problem:
            raise ValidationError(NO_ADDRESS) from problem
        if any(unicodedata.category(sign) == "Cf" for sign in address):
            raise ValidationError(NO_ADDRESS)
        return address


class AddressForm(forms.Form):
    """Another mail address for somebody, and the password of who gives it."""

    email = AddressField(
        label="New mail address", error_messages={"required": "Give the new mail address."}
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Give your password, too: people sign in with their address."},
    )

    def __init__(self, sent: Any, *, person: User) -> None:
        super().__init__(sent)
        self.person = person
        self.fields["email"].widget.attrs |= {"autocomplete": "email", "dir": "auto"}

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"])
        if address == self.person.email.lower():
            raise ValidationError("This is the address already.")
        return address


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
