"""How many reviews a launch has, as its page counts them: all but those that were cancelled."""

from readiness.reviews.models.reviews import State

REVIEWS = f"""(
    SELECT count(*) FROM reviews_review r
    WHERE r.launch_id = l.id AND r.state <> '{State.CANCELLED.value}'
)"""  # noqa: S608
