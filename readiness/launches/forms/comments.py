"""What may be said in a thread."""

from typing import Any

from django import forms

from readiness.launches.forms.items import LARGEST_VERSION, Sent, area
from readiness.launches.queries.threads import latest_wording


class CommentForm(Sent):
    """Something said about a launch or an item, in Markdown."""

    text = forms.CharField(max_length=5000, label="Comment", widget=area())


class About(CommentForm):
    """The same about a comment that is there; it comes back where it was sent from."""

    def __init__(self, *args: Any, about: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self.about = about


class ReplyForm(About):
    """An answer."""


class WordingForm(About):
    """Other words for what one said, made from the wording that one saw."""

    number = forms.IntegerField(min_value=1, max_value=LARGEST_VERSION, widget=forms.HiddenInput)

    def again(self, **about: object) -> Sent:
        """Made from the wording that stands now: it is shown beside what comes back."""
        return super().again(number=latest_wording(self.about), **about)


class MarkForm(Sent):
    """A thread is resolved, or opened again."""


class RuleForm(Sent):
    """Whether open threads stand in the way of a GO."""

    edition = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput)
    hold = forms.BooleanField(required=False, widget=forms.HiddenInput)
