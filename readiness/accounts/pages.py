"""Which act each page is, by URL name and verb. A page that is not here answers nobody."""

from readiness.accounts.permissions import Action

GET, POST = "GET", "POST"

PAGES: dict[str, dict[str, Action]] = {
    # web
    "web:healthz": {GET: Action.PUBLIC},
    "web:readyz": {GET: Action.PUBLIC},
    "web:metrics": {GET: Action.PUBLIC},
    "web:theme": {POST: Action.PUBLIC},
    # accounts
    "account_login": {GET: Action.PUBLIC, POST: Action.PUBLIC},
    "account_logout": {GET: Action.PUBLIC, POST: Action.PUBLIC},
    "account_signup": {GET: Action.PUBLIC, POST: Action.PUBLIC},
    "account_inactive": {GET: Action.PUBLIC},
    "account_reauthenticate": {GET: Action.SIGNED_IN, POST: Action.SIGNED_IN},
    "account_change_password": {GET: Action.SIGNED_IN, POST: Action.SIGNED_IN},
    "account_set_password": {GET: Action.SIGNED_IN},
    "account_reset_password": {GET: Action.PUBLIC, POST: Action.PUBLIC},
    "account_reset_password_done": {GET: Action.PUBLIC},
    "account_reset_password_from_key": {GET: Action.PUBLIC, POST: Action.PUBLIC},
    "account_reset_password_from_key_done": {GET: Action.PUBLIC},
    "accounts:preferences": {GET: Action.SIGNED_IN, POST: Action.SIGNED_IN},
    "accounts:keys": {POST: Action.SIGNED_IN},
    # checklists
    "checklists:list": {GET: Action.SIGNED_IN},
    "checklists:version": {GET: Action.SIGNED_IN},
    # launches
    "launches:dashboard": {GET: Action.SIGNED_IN},
    "launches:open": {GET: Action.LAUNCH_OPEN, POST: Action.LAUNCH_OPEN},
    "launches:detail": {GET: Action.LAUNCH_VIEW},
    "launches:edit": {GET: Action.LAUNCH_EDIT, POST: Action.LAUNCH_EDIT},
    "launches:life": {GET: Action.LAUNCH_EDIT, POST: Action.LAUNCH_EDIT},
    "launches:bulk": {GET: Action.ITEM_WORK, POST: Action.ITEM_WORK},
    "launches:undo": {POST: Action.ITEM_WORK},
    "launches:facets": {GET: Action.LAUNCH_EDIT, POST: Action.LAUNCH_EDIT},
    "launches:history": {GET: Action.LAUNCH_VIEW},
    "launches:history-lines": {GET: Action.LAUNCH_VIEW},
    "launches:history-table": {GET: Action.LAUNCH_VIEW},
    "launches:activity": {GET: Action.SIGNED_IN},
    "launches:activity-lines": {GET: Action.SIGNED_IN},
    "launches:activity-table": {GET: Action.SIGNED_IN},
    "launches:mine": {GET: Action.SIGNED_IN},
    "launches:item": {GET: Action.LAUNCH_VIEW},
    "launches:sign-off": {POST: Action.ITEM_SIGN},
    "launches:withdraw": {POST: Action.ITEM_SIGN},
    "launches:progress": {POST: Action.ITEM_WORK},
    "launches:assign": {POST: Action.ITEM_WORK},
    "launches:due": {POST: Action.ITEM_WORK},
    "launches:evidence": {POST: Action.ITEM_WORK},
    "launches:evidence-remove": {POST: Action.ITEM_WORK},
    "launches:comment": {POST: Action.COMMENT},
    # notifications
    "notifications:outbox": {GET: Action.ADMINISTER},
    "notifications:mail": {GET: Action.ADMINISTER},
    "notifications:mail-html": {GET: Action.ADMINISTER},
    "notifications:unsubscribe": {GET: Action.PUBLIC, POST: Action.PUBLIC},
}
