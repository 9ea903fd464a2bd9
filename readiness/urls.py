"""The street map."""

from django.urls import include, path

urlpatterns = [
    path("", include("readiness.launches.urls")),
    path("", include("readiness.web.urls")),
    path("", include("readiness.launches.oneself")),
    path("", include("readiness.checklists.urls")),
    path("", include("readiness.launches.people")),
    path("", include("readiness.reviews.urls")),
    path("", include("readiness.notifications.urls")),
    path("", include("readiness.accounts.sign_in")),
]

handler400 = "readiness.web.views.bad_request"
handler403 = "readiness.web.views.permission_denied"
handler404 = "readiness.web.views.page_not_found"
handler500 = "readiness.web.views.server_error"
