"""Comments: plain text about an item, with every wording kept."""

import pytest
from django.db import IntegrityError, transaction

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.launches.models import Comment, CommentRevision
from readiness.launches.services.comments import comment
from tests import make
from tests.launches.given import count_told, key_is_free, refused, told

pytestmark = pytest.mark.django_db


def test_a_comment_is_kept_with_its_wording_and_recorded():
    launch = make.launch(items=5)
    item, before = make.item(launch), count_told(launch)

    said = comment(item, text="Why <b>so</b>? 🙂", by=launch.lead, key=make.key(), now=make.NOW)

    assert CommentRevision.objects.values("comment", "number", "text", "by", "at").get() == {
        "comment": said.pk,
        "number": 1,
        "text": "Why <b>so</b>? 🙂",
        "by": launch.lead.pk,
        "at": make.NOW,
    }
    one = {"item": item.pk, "key": item.key, "comment": said.pk}
    assert told(launch, before) == [(Kind.COMMENT_WRITTEN, launch.lead, make.NOW, one)]


def test_a_comment_is_no_change_of_the_item():
    launch = make.launch(items=5)
    item = make.item(launch)

    comment(item, text="Hm.", by=launch.lead, key=make.key(), now=make.NOW)

    item.refresh_from_db()
    assert item.version == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER, Role.LEAD, Role.APPROVER, Role.EDITOR])
def test_whoever_reads_a_launch_may_comment(role):
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team, role=role)

    comment(make.item(launch), text="Hm.", by=ann, key=make.key(), now=make.NOW)

    assert Comment.objects.get().by == ann


@pytest.mark.parametrize("role", [Role.AUDITOR, None])
def test_auditors_and_strangers_do_not(role):
    launch = make.launch(items=5)
    eve = make.user("Eve", team=launch.team if role else None, role=role or Role.MEMBER)

    with refused("You no longer have the right to do this in this team."):
        comment(make.item(launch), text="Hm.", by=eve, key="form", now=make.NOW)

    assert Comment.objects.count() == 0
    assert key_is_free("form")


def test_the_database_numbers_the_wordings_of_a_comment():
    launch = make.launch(items=5)
    comment(make.item(launch), text="Hm.", by=launch.lead, key=make.key(), now=make.NOW)
    twin = CommentRevision.objects.get()
    twin.pk = None

    with (
        pytest.raises(IntegrityError, match="wordings_of_a_comment_are_numbered"),
        transaction.atomic(),
    ):
        twin.save(force_insert=True)
