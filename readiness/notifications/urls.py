"""The outbox, the door out of a mail, and what each person wants to hear."""

from django.urls import path

from readiness.notifications.views import choosing, outbox

app_name = "notifications"

urlpatterns = [
    path("me/messages/", choosing.choices, name="choices"),
    path("me/messages/preview/", choosing.preview, name="preview"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<id:pk>/", outbox.mail, name="mail"),
    path("outbox/<id:pk>/html/", outbox.mail_html, name="mail-html"),
    path("unsubscribe/<str:token>/", outbox.unsubscribe, name="unsubscribe"),
]
