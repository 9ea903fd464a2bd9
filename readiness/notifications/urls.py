"""The outbox, the door out of a mail, and what each person wants to hear."""

from django.urls import path

from readiness.notifications.views import (
    acting,
    away,
    calendar,
    channels,
    choosing,
    escalation,
    holidays,
    outbox,
    own_channels,
    snoozing,
)

app_name = "notifications"

urlpatterns = [
    path("me/messages/", choosing.choices, name="choices"),
    path("me/messages/hours/", choosing.hours, name="hours"),
    path("me/messages/away/", choosing.away, name="away"),
    path("me/messages/back/", choosing.back, name="back"),
    path("me/messages/works-again/", choosing.works_again, name="works-again"),
    path("me/channels/", own_channels.own_channels, name="own-channels"),
    path("me/channels/test/", own_channels.test, name="own-channel-test"),
    path("me/channels/remove/", own_channels.remove, name="own-channel-remove"),
    path("people/<id:pk>/away/", away.away, name="person-away"),
    path("people/<id:pk>/back/", away.back, name="person-back"),
    path("me/messages/preview/", choosing.preview, name="preview"),
    path("a/<str:token>/", acting.act, name="act"),
    path("items/<id:pk>/snooze/", snoozing.item, name="snooze"),
    path("me/snooze/", snoozing.snoozes, name="snoozes"),
    path("me/snooze/wake/", snoozing.wake, name="wake"),
    path("me/calendar/", calendar.link, name="calendar-link"),
    path("me/calendar/make/", calendar.make, name="calendar-make"),
    path("me/calendar/revoke/", calendar.revoke, name="calendar-revoke"),
    path("calendar/<str:token>.ics", calendar.calendar, name="calendar"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<id:pk>/", outbox.mail, name="mail"),
    path("outbox/<id:pk>/came-back/", outbox.came_back, name="came-back"),
    path("outbox/<id:pk>/works-again/", outbox.address_works, name="address-works"),
    path("outbox/<id:pk>/html/", outbox.mail_html, name="mail-html"),
    path("teams/<id:pk>/channels/", channels.channels, name="channels"),
    path("teams/<id:pk>/holidays/", holidays.holidays, name="holidays"),
    path("teams/<id:pk>/holidays/remove/", holidays.remove, name="holiday-remove"),
    path("teams/<id:pk>/late/", escalation.escalation, name="escalation"),
    path("channels/<id:pk>/", channels.channel, name="channel"),
    path("channels/<id:pk>/test/", channels.test, name="channel-test"),
    path("channels/<id:pk>/remove/", channels.remove, name="channel-remove"),
    path("calls/<id:pk>/replay/", channels.replay, name="call-replay"),
    path("unsubscribe/<str:token>/", outbox.unsubscribe, name="unsubscribe"),
]
