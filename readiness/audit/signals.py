"""The one signal: news goes up to the rooms above, after commit."""

from django.dispatch import Signal

event_recorded = Signal(use_caching=True)
