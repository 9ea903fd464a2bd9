"""The outbox, and the door out of a mail."""

from django.urls import path

from readiness.notifications import views

app_name = "notifications"

urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<id:pk>/", views.mail, name="mail"),
    path("outbox/<id:pk>/html/", views.mail_html, name="mail-html"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
