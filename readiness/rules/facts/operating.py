"""The rules of data freshness, of the rollback's rehearsal and of the post-launch review."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from readiness.rules.facts.around import PRODUCT, Around, Broken, Filled, Row

SERVED_LIVE = {"online", "streaming"}
LIVE_PURPOSES = {"inference", "retrieval_index"}
OLDEST = timedelta(days=90)
SOONEST, LATEST = 7, 28
REVIEW_AFTER, REVIEW_AT, MOST_DAYS = 14, time(10), 366
SATURDAY = 5


def lag_makes_sense(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        lag, warn = row.get("max_lag"), row.get("warn_at")
        if lag is not None and lag <= 0:
            yield Broken("Give a lag above 0.", "max_lag", row.number)
        elif lag is not None and warn is not None and warn >= lag:
            yield Broken("Warn before the data is too old.", "warn_at", row.number)


def dataset_once(fact: Filled, around: Around) -> Iterator[Broken]:
    rows = [row for row in fact.rows if row.has("dataset", "purpose")]
    times = Counter(_read_for(row) for row in rows)
    for row in rows:
        if times[_read_for(row)] > 1:
            sentence = "This dataset is there for this purpose already."
            yield Broken(sentence, "dataset", row.number)


def _read_for(row: Row) -> tuple[str, str]:
    return row.get("dataset").casefold(), row.get("purpose")


def covers_training_and_serving(fact: Filled, around: Around) -> Iterator[Broken]:
    """As long as nobody said how predictions are served, they may be served live."""
    purposes = {row.get("purpose") for row in fact.rows}
    is_live = around.serving is None or bool(SERVED_LIVE & set(around.serving))
    if fact.rows and "training" not in purposes and not fact.whole.get("trains_nothing"):
        yield Broken("No dataset is read for training. Add one, or say that nothing is trained.")
    if fact.rows and is_live and not purposes & LIVE_PURPOSES:
        yield Broken("No dataset is read for inference or as a retrieval index. Add one.")


def hides_late_events(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.get("measured_as") == "processing_time":
            yield Broken(
                f"{row.get('dataset')}: processing time hides late events. The job ran, but its "
                "data may be old.",
                "measured_as",
                row.number,
            )


def slower_than_training(fact: Filled, around: Around) -> Iterator[Broken]:
    whole = [row for row in fact.rows if row.has("dataset", "purpose", "max_lag")]
    trained = {
        row.get("dataset").casefold(): row.get("max_lag")
        for row in whole
        if row.get("purpose") == "training"
    }
    for row in whole:
        allowed = trained.get(row.get("dataset").casefold())
        if row.get("purpose") == "inference" and allowed and row.get("max_lag") > allowed:
            sentence = f"{row.get('dataset')}: inference may lag longer than training."
            yield Broken(sentence, "max_lag", row.number)


def rehearsal_makes_sense(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.has("rehearsed_at") and row.get("rehearsed_at") > around.now:
            yield Broken("This is in the future.", "rehearsed_at", row.number)
        if row.has("from_version") and row.get("from_version") == row.get("to_version"):
            sentence = "A rollback goes to another version."
            yield Broken(sentence, "to_version", row.number)
        if row.has("minutes") and row.get("minutes") <= 0:
            yield Broken("Give the minutes it took, above 0.", "minutes", row.number)


def passed(row: Row) -> bool | None:
    """Whether a rehearsal met the section's goal: quick, and without touching data."""
    if not row.has("minutes", "target_minutes", "needed_data_change"):
        return None
    in_time: bool = row.get("minutes") <= row.get("target_minutes")
    return in_time and not row.get("needed_data_change")


def newest_has_passed(fact: Filled, around: Around) -> Iterator[Broken]:
    row = fact.newest
    if row is None or passed(row) is not False:
        return
    if row.get("minutes") > row.get("target_minutes"):
        took = f"took {row.get('minutes')} minutes, over its target of {row.get('target_minutes')}"
        yield Broken(f"The newest rehearsal {took}.", "minutes", row.number)
    if row.get("needed_data_change"):
        sentence = "The newest rehearsal needed a data change."
        yield Broken(sentence, "needed_data_change", row.number)


def weak_rehearsal(fact: Filled, around: Around) -> Iterator[Broken]:
    row = fact.newest
    if row is None:
        return
    if row.has("operator") and row.get("operator") == row.get("runbook_author"):
        sentence = "Its operator wrote the runbook: somebody else has to be able to follow it."
        yield Broken(sentence, "operator", row.number)
    if {one.get("environment") for one in fact.rows} == {"staging"}:
        yield Broken("It was rehearsed in staging only.", "environment", row.number)
    if row.has("rehearsed_at") and around.now - row.get("rehearsed_at") > OLDEST:
        sentence = "The newest rehearsal is older than 90 days."
        yield Broken(sentence, "rehearsed_at", row.number)


def after_the_launch(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.has("review_at") and row.get("review_at") <= around.launch_at:
            sentence = f"The launch is planned for {around.day(around.launch_at)}: review it later."
            yield Broken(sentence, "review_at", row.number)


def too_soon_or_late(fact: Filled, around: Around) -> Iterator[Broken]:
    plan = around.row_of("experiment_plan")
    begins = plan.get("starts_on") or around.launch_on
    ends = (begins - around.launch_on).days + (plan.get("duration_days") or 0)
    for row in fact.rows:
        if not row.has("review_at"):
            continue
        on = around.local(row.get("review_at")).date()
        days = (on - around.launch_on).days
        if not SOONEST <= days <= LATEST:
            sentence = f"The review is {days} days after the launch: 7 to 28 are a good time."
            yield Broken(sentence, "review_at", row.number)
        if plan.has("duration_days") and days < ends:
            sentence = f"The A/B test ends {ends} days after the launch, so after the review."
            yield Broken(sentence, "review_at", row.number)


def somebody_is_missing(fact: Filled, around: Around) -> Iterator[Broken]:
    rollback = around.row_of("rollback_ownership").get("owner")
    for row in fact.rows:
        there = {*(row.get("participants") or []), row.get("owner")}
        if around.duties.get(PRODUCT) not in there:
            yield Broken("Nobody from product takes part.", "participants", row.number)
        if rollback and rollback not in there:
            sentence = "The rollback owner does not take part."
            yield Broken(sentence, "participants", row.number)


def proposed_review(around: Around, days: int | None = None) -> datetime:
    """When to review: so many days after the launch, or on the next working day."""
    after = days if days is not None and 0 <= days <= MOST_DAYS else REVIEW_AFTER
    on = around.launch_on + timedelta(days=after)
    while on.weekday() >= SATURDAY:
        on += timedelta(days=1)
    return datetime.combine(on, REVIEW_AT, tzinfo=around.zone).astimezone(UTC)


FRESHNESS = {
    "lag_makes_sense": lag_makes_sense,
    "dataset_once": dataset_once,
    "covers_training_and_serving": covers_training_and_serving,
    "hides_late_events": hides_late_events,
    "slower_than_training": slower_than_training,
}
REHEARSAL = {
    "rehearsal_makes_sense": rehearsal_makes_sense,
    "newest_has_passed": newest_has_passed,
    "weak_rehearsal": weak_rehearsal,
}
REVIEW = {
    "after_the_launch": after_the_launch,
    "too_soon_or_late": too_soon_or_late,
    "somebody_is_missing": somebody_is_missing,
}
