"""What mails said is forgotten in time; that they were sent is not."""

from datetime import timedelta

import pytest

from readiness.notifications.models import Delivery
from readiness.notifications.services.forgetting import forget_old_mails
from tests import make
from tests.notifications.given import MONDAY, owner, owns, remind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mail():
    launch = make.launch()
    owns(owner(launch), launch, -1)
    remind()
    return Delivery.objects.get()


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (31, False)])
def test_the_words_of_a_mail_go_when_their_time_is_over(settings, mail, days, is_kept):
    settings.KEEP_MAILS_DAYS = 30

    count = forget_old_mails(now=MONDAY + timedelta(days=days))

    kept = Delivery.objects.get()
    assert (count, bool(kept.text), bool(kept.html)) == (0 if is_kept else 1, is_kept, is_kept)
    assert (kept.subject, kept.state) == (mail.subject, mail.state)


def test_with_no_days_set_all_is_kept(settings, mail):
    settings.KEEP_MAILS_DAYS = 0

    assert forget_old_mails(now=MONDAY + timedelta(days=9_999)) == 0


def test_what_was_emptied_is_not_written_again(settings, mail):
    settings.KEEP_MAILS_DAYS = 30
    later = MONDAY + timedelta(days=31)

    assert [forget_old_mails(now=later) for _ in range(2)] == [1, 0]
