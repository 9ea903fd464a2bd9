"""The news that is no event: the stage moved, somebody came or looks elsewhere, a pulse."""

from django.dispatch import Signal

# Sent after commit with `review`, its id, and `what`: one of STAGE, PRESENCE, PULSES.
room_changed = Signal()

STAGE, PRESENCE, PULSES = "stage", "presence", "pulses"
