"""Pages about launches and their items."""

from django.urls import path

from readiness.launches.views import (
    activity,
    bulk,
    dashboard,
    detail,
    editing,
    exports,
    items,
    life,
    mine,
    opening,
    search,
    sharing,
    search,
    signoffs,
)

app_name = "launches"

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("mine/", mine.mine, name="mine"),
    path("search/", search.search, name="search"),
    path("history/", activity.activity, name="activity"),
    path("history.jsonl", exports.activity_lines, name="activity-lines"),
    path("history.csv", exports.activity_table, name="activity-table"),
    path("launches/new/", opening.open_launch, name="open"),
    path("launches/<id:pk>/", detail.detail, name="detail"),
    path("launches/<id:pk>/edit/", editing.edit, name="edit"),
    path("launches/<id:pk>/life/", life.life, name="life"),
    path("launches/<id:pk>/bulk/", bulk.bulk, name="bulk"),
    path("changes/<id:pk>/undo/", bulk.undo, name="undo"),
    path("launches/<id:pk>/facets/", editing.facets, name="facets"),
    path("launches/<id:pk>/history/", activity.history, name="history"),
    path("launches/<id:pk>/history.jsonl", exports.history_lines, name="history-lines"),
    path("launches/<id:pk>/history.csv", exports.history_table, name="history-table"),
    path("items/<id:pk>/", items.item, name="item"),
    path("launches/<id:pk>/share/", sharing.share, name="share"),
    path("launches/<id:pk>/markdown/", sharing.as_markdown, name="markdown"),
    path("launches/<id:pk>/print/", sharing.as_print, name="print"),
    path("launches/<id:pk>/badge/", sharing.make_badge, name="badge"),
    path("launches/<id:pk>/badge/revoke/", sharing.revoke_badge, name="badge-revoke"),
    path("badges/<str:token>.svg", sharing.badge_image, name="badge-image"),
    path("items/<id:pk>/sign-off/", signoffs.sign_off, name="sign-off"),
    path("sign-offs/<id:pk>/withdraw/", signoffs.withdraw, name="withdraw"),
    path("items/<id:pk>/progress/", items.progress, name="progress"),
    path("items/<id:pk>/assign/", items.assign, name="assign"),
    path("items/<id:pk>/due/", items.due, name="due"),
    path("items/<id:pk>/evidence/", items.evidence, name="evidence"),
    path("evidence/<id:pk>/remove/", items.remove_evidence, name="evidence-remove"),
    path("items/<id:pk>/comment/", items.comment, name="comment"),
]
