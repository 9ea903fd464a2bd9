"""The addresses of people, teams and invitations."""

from django.urls import path

from readiness.launches.views import addresses, joining, leaving, people, sessions, teams

app_name = "people"

urlpatterns = [
    path("teams/", teams.teams, name="teams"),
    path("teams/add/", teams.add, name="team-add"),
    path("teams/<id:pk>/", teams.team, name="team"),
    path("teams/<id:pk>/roles/", teams.set_roles, name="roles"),
    path("teams/<id:pk>/quorum/", teams.set_quorum, name="quorum"),
    path("teams/<id:pk>/invite/", teams.invite, name="invite"),
    path("invitations/<id:pk>/resend/", teams.resend, name="resend"),
    path("invitations/<id:pk>/revoke/", teams.revoke, name="revoke"),
    path("join/<str:token>/", joining.join, name="join"),
    path("people/", people.people, name="list"),
    path("people/<id:pk>/", people.person, name="person"),
    path("people/<id:pk>/roles/", people.set_roles, name="person-roles"),
    path("people/<id:pk>/address/", addresses.set_address, name="person-address"),
    path("people/<id:pk>/deactivate/", leaving.deactivate, name="deactivate"),
    path("people/<id:pk>/reactivate/", leaving.reactivate, name="reactivate"),
    path("me/sessions/", sessions.sessions, name="sessions"),
    path("me/sessions/end/", sessions.end, name="sessions-end"),
]
