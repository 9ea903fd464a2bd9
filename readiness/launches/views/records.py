"""The record of a decision: on a page that prints, as JSON, as Markdown."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.chain import canonical
from readiness.launches.models import Decision, Launch
from readiness.launches.queries.record_text import markdown, shown_of

MARKDOWN, JSON = "text/markdown; charset=utf-8", "application/json; charset=utf-8"


@require_safe
def record(request: Asked, pk: int, number: int) -> HttpResponse:
    """What was seen and signed then, for somebody who was not there."""
    decision = decision_of(request, pk, number)
    return render(request, "launches/decision_record.html", {"shown": shown_of(decision)})


@require_safe
def as_json(request: Asked, pk: int, number: int) -> HttpResponse:
    """The record in its canonical form: its SHA-256 is the one in the log.

    Of a record that was redacted it is the one in the event of the last redaction.
    """
    decision = decision_of(request, pk, number)
    return HttpResponse(
        canonical(decision.record),
        content_type=JSON,
        headers=_named(decision, "json"),
    )


@require_safe
def as_markdown(request: Asked, pk: int, number: int) -> HttpResponse:
    decision = decision_of(request, pk, number)
    return HttpResponse(
        markdown(shown_of(decision)) + "\n",
        content_type=MARKDOWN,
        headers=_named(decision, "md"),
    )


def decision_of(request: Asked, pk: int, number: int) -> Decision:
    """A decision that was taken on a launch this person may read."""
    launch = permitted(request, Launch.objects.all(), pk)
    decided = launch.decisions.exclude(record=None).select_related("voided_by", "launch")
    return get_object_or_404(decided, number=number)


def _named(decision: Decision, ending: str) -> dict[str, str]:
    name = f"launch-{decision.launch_id}-decision-{decision.number}.{ending}"
    return {"Content-Disposition": f'inline; filename="{name}"'}
