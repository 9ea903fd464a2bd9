"""How people sign in: by an account that someone gave them."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):
    """Nobody signs up by themselves: people are added, or come by single sign-on."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Email and password do not match.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "Type the password you have now.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Where somebody may be led after signing in; an address nobody can read is no such."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False
