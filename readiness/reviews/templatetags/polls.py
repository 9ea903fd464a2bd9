"""The poll in the pages of the room."""

from django import template
from django.utils.safestring import SafeString

from readiness.reviews.queries.room import Room
from readiness.reviews.streams.fragments import with_version
from readiness.reviews.streams.poll import drawn

register = template.Library()


@register.simple_tag
def poll(room: Room) -> SafeString:
    """Who is called, and what was said."""
    return SafeString(with_version(drawn(room.review, room.board), room.v))
