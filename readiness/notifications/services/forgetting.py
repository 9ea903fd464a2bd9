"""What mails said is kept as long as the settings say; that they were sent, for ever."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from readiness.notifications.models import Delivery


def forget_old_mails(*, now: datetime) -> int:
    """Empty what was said in mails that ended longer ago than is to be kept; how many."""
    if not settings.KEEP_MAILS_DAYS:
        return 0
    ended = Delivery.objects.filter(settled_at__lt=now - timedelta(days=settings.KEEP_MAILS_DAYS))
    return ended.exclude(Q(text="") & Q(html="")).update(text="", html="")
