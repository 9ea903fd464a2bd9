"""Pages about launches and their items."""

from django.urls import include, path

from readiness.launches.views import (
    activity,
    basis,
    bulk,
    dashboard,
    detail,
    editing,
    exports,
    items,
    life,
    mine,
    opening,
    redacting,
    search,
    sharing,
    signoffs,
    views,
    waiting,
)

app_name = "launches"

# What is asked most stands first: an address is tried against one pattern after the other.
of_an_item = [
    path("sign-off/", signoffs.sign_off, name="sign-off"),
    path("", items.item, name="item"),
    path("progress/", items.progress, name="progress"),
    path("reaffirm/", signoffs.reaffirm, name="reaffirm"),
    path("break-glass/", signoffs.break_glass, name="break-glass"),
    path("assign/", items.assign, name="assign"),
    path("due/", items.due, name="due"),
    path("evidence/", items.evidence, name="evidence"),
    path("comment/", items.comment, name="comment"),
]
of_a_launch = [
    path("", detail.detail, name="detail"),
    path("edit/", editing.edit, name="edit"),
    path("life/", life.life, name="life"),
    path("facets/", editing.facets, name="facets"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("basis/", basis.basis, name="basis"),
    path("declare/", basis.declare, name="declare"),
    path("signers/", basis.signers, name="signers"),
    path("history/", activity.history, name="history"),
    path("history.jsonl", exports.history_lines, name="history-lines"),
    path("history.csv", exports.history_table, name="history-table"),
    path("share/", sharing.share, name="share"),
    path("markdown/", sharing.as_markdown, name="markdown"),
    path("print/", sharing.as_print, name="print"),
    path("badge/", sharing.make_badge, name="badge"),
    path("badge/revoke/", sharing.revoke_badge, name="badge-revoke"),
]
urlpatterns = [
    path("items/<id:pk>/", include(of_an_item)),
    path("launches/<id:pk>/", include(of_a_launch)),
    path("", dashboard.dashboard, name="dashboard"),
    path("mine/", mine.mine, name="mine"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("sign-offs/<id:pk>/withdraw/", signoffs.withdraw, name="withdraw"),
    path("evidence/<id:pk>/remove/", items.remove_evidence, name="evidence-remove"),
    path("changes/<id:pk>/undo/", bulk.undo, name="undo"),
    path("search/", search.search, name="search"),
    path("exemptions/<id:pk>/", exemptions.exemption, name="exemption"),
    path("exemptions/<id:pk>/agree/", exemptions.agree, name="exemption-agree"),
    path("exemptions/<id:pk>/decline/", exemptions.decline, name="exemption-decline"),
    path("exemptions/<id:pk>/withdraw/", exemptions.take_back, name="exemption-withdraw"),
    path("sign-offs/<id:pk>/confirm/", signoffs.confirm, name="confirm"),
    path("history/", activity.activity, name="activity"),
    path("history.jsonl", exports.activity_lines, name="activity-lines"),
    path("history.csv", exports.activity_table, name="activity-table"),
    path("views/", views.views, name="views"),
    path("views/rename/", views.rename, name="view-rename"),
    path("views/remove/", views.remove, name="view-remove"),
    path("launches.csv", dashboard.table, name="table"),
    path("launches/new/", opening.open_launch, name="open"),
    path("badges/<str:token>.svg", sharing.badge_image, name="badge-image"),
    path("events/<id:pk>/redact/", redacting.redact, name="redact"),
]
