"""A checklist that tests are given is one that was published, down to the last row."""

import pytest
from django.db import transaction

from tests import make
from tests.permissions.watch import contents


@pytest.mark.django_db
def test_a_checklist_from_the_shelf_is_all_that_publishing_it_wrote():
    with transaction.atomic():
        published = make.checklist(5, waiver_max_days=77)
        wrote = contents()
        transaction.set_rollback(True)

    taken = make.checklist(5, waiver_max_days=77)

    assert (taken, taken.content) == (published, published.content)
    assert contents() == wrote


@pytest.mark.django_db
def test_each_checklist_that_a_test_asks_for_is_another():
    first, second, other = make.checklist(2), make.checklist(2), make.checklist(3)

    assert len({one.checklist.key for one in (first, second, other)}) == 3
    assert [one.items.count() for one in (first, second, other)] == [2, 2, 3]
