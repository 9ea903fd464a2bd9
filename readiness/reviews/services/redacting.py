"""Taking out words that were pasted by mistake, from a review and from its minutes."""

from collections.abc import Collection, Sequence

from readiness.audit.guards import GONE
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.launches.queries.record import hash_of
from readiness.launches.services.redacting_decisions import Document, Records
from readiness.reviews.models import AgendaItem, Minutes, PollCall, Pulse, Review
from readiness.reviews.queries.minutes_words import without_words

MINUTES = "reviews_minutes"


def words_kept(launch: Launch, events: Sequence[Event], words: Collection[str]) -> Records:
    """Take the words out of the reviews of a launch, and return its minutes without them.

    Runs before the redaction is recorded: an act of a review writes its rows first, too.
    """
    reviews = Review.objects.filter(launch=launch)
    reviews.filter(cancelled_because__in=words).update(cancelled_because=GONE)
    agenda = AgendaItem.objects.filter(review__launch=launch)
    agenda.filter(note__in=words).update(note=GONE)
    agenda.filter(parked_because__in=words).update(parked_because=GONE)
    PollCall.objects.filter(review__launch=launch, reason__in=words).update(reason=GONE)
    Pulse.objects.filter(review__launch=launch, text__in=words).update(text=GONE)
    numbers = {event.sequence for event in events}
    found = Records([], [])
    for minutes in Minutes.objects.filter(review__launch=launch).order_by("pk"):
        content = without_words(minutes.content, words, numbers)
        if content != minutes.content:
            found.documents.append(Document(MINUTES, minutes.pk, "content", content))
            was, now = hash_of(minutes.content), hash_of(content)
            found.hashes.append({"minutes": minutes.pk, "was": was, "sha256": now})
    return found
