"""Live design reviews: agenda, presence, outcomes, minutes."""

from django.apps import AppConfig

REDRAWN_SECONDS = 30  # what only time changes: as often as it is judged
LOOKED_SECONDS = 5  # who has left a room is seen by nothing else


class ReviewsConfig(AppConfig):
    name = "readiness.reviews"
    label = "reviews"

    def ready(self) -> None:
        from readiness.launches.queries.meetings import meetings_found_by
        from readiness.launches.queries.tabs import reviews_counted_by
        from readiness.launches.services.redacting import also_kept_by
        from readiness.reviews import receivers  # noqa: F401
        from readiness.reviews.queries.counted import REVIEWS
        from readiness.reviews.queries.mine import meetings_of
        from readiness.reviews.queries.palette import entries
        from readiness.reviews.services.redacting import words_kept
        from readiness.reviews.streams import launch, portfolio, rights, room
        from readiness.web.live.registry import stream_of
        from readiness.web.registry import palette_source

        palette_source("reviews", entries)
        also_kept_by(words_kept)
        reviews_counted_by(REVIEWS)
        meetings_found_by(meetings_of)
        stream_of(
            "launch",
            "/live/launches/<id>/",
            rights.of_launches,
            launch.render,
            every=REDRAWN_SECONDS,
        )
        stream_of(
            "review", "/live/reviews/<id>/", rights.of_reviews, room.render, every=LOOKED_SECONDS
        )
        stream_of("portfolio", "/live/portfolio/", portfolio.authorise, portfolio.render)
