"""Live design reviews: agenda, presence, outcomes, minutes."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "readiness.reviews"
    label = "reviews"
