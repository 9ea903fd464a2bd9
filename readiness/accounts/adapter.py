"""How people sign in: by an account that someone gave them."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):
    """Nobody signs up by themselves: people are added, or come by single sign-on."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
