"""Pages of reviews."""

from django.urls import path

from readiness.reviews.views import (
    clock,
    guests,
    joining,
    minutes,
    planning,
    polling,
    review,
    room,
)

app_name = "reviews"

urlpatterns = [
    path("reviews/", planning.reviews, name="list"),
    path("reviews/new/", planning.choose, name="choose"),
    path("launches/<id:pk>/reviews/new/", planning.new, name="new"),
    path("reviews/<id:pk>/", review.review, name="review"),
    path("reviews/<id:pk>/edit/", planning.edit, name="edit"),
    path("reviews/<id:pk>/cancel/", planning.cancel, name="cancel"),
    path("reviews/<id:pk>/start/", planning.start, name="start"),
    path("reviews/<id:pk>/calendar.ics", planning.calendar, name="calendar"),
    path("reviews/<id:pk>/pause/", clock.pause, name="pause"),
    path("reviews/<id:pk>/resume/", clock.resume, name="resume"),
    path("reviews/<id:pk>/extend/", clock.extend, name="extend"),
    path("reviews/<id:pk>/me/", room.me, name="me"),
    path("reviews/<id:pk>/wall/", room.wall, name="wall"),
    path("reviews/<id:pk>/move/", room.move, name="move"),
    path("reviews/<id:pk>/seat/", room.take_seat, name="seat"),
    path("reviews/<id:pk>/items/<id:item>/decide/", room.decide, name="decide"),
    path("reviews/<id:pk>/items/<id:item>/park/", room.park, name="park"),
    path("reviews/<id:pk>/items/<id:item>/unpark/", room.unpark, name="unpark"),
    path("reviews/<id:pk>/items/<id:item>/agree/", room.agree, name="agree"),
    path("reviews/<id:pk>/let-go/", room.let_go, name="let-go"),
    path("reviews/<id:pk>/let-in/", guests.let_in, name="let-in"),
    path("reviews/<id:pk>/pulse/", room.pulse, name="pulse"),
    path("reviews/<id:pk>/here/", room.here, name="here"),
    path("reviews/<id:pk>/join/", joining.join, name="join"),
    path("join/", joining.with_code, name="join-with-code"),
    path("reviews/join/<str:code>/", joining.by_code, name="join-by-code"),
    path("reviews/<id:pk>/poll/", polling.poll, name="poll"),
    path("reviews/<id:pk>/poll/begin/", polling.begin, name="poll-begin"),
    path("reviews/<id:pk>/poll/say/", polling.say, name="poll-say"),
    path("reviews/<id:pk>/finish/", minutes.finish, name="finish"),
    path("reviews/<id:pk>/reopen/", minutes.reopen, name="reopen"),
    path("reviews/<id:pk>/minutes/", minutes.minutes, name="minutes"),
    path("reviews/<id:pk>/minutes.md", minutes.as_markdown, name="minutes-markdown"),
    path("reviews/<id:pk>/minutes/print/", minutes.on_paper, name="minutes-print"),
]
