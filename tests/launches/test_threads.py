"""Threads: begun, answered, edited, resolved and opened again; and whom they mention."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.launches.models import Comment, CommentMention, Launch, Stage
from readiness.launches.queries.mentions import mentioned, offered, written
from readiness.launches.queries.threads import discussion_of, open_threads, threads_of_item
from readiness.launches.services import comments
from tests import make
from tests.launches.deciding import room
from tests.launches.given import at_once, count_told, refused, told

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=1)
GONE = "You no longer have the right to do this in this team."


@pytest.fixture
def launch():
    return make.launch(items=2)


def by(person, at=make.NOW):
    return {"by": person, "key": make.key(), "now": at}


def thread(launch, text="Why?", person=None):
    return comments.comment(make.item(launch), text=text, **by(person or launch.lead))


def test_an_answer_to_an_answer_stands_in_the_same_thread(launch):
    first, ben = thread(launch), make.user("Ben", team=launch.team)
    before = count_told(launch)

    answer = comments.reply(first, text="So.", **by(ben))
    again = comments.reply(answer, text="Ah.", **by(launch.lead))

    assert (answer.parent_id, again.parent_id, again.item_id) == (first.pk, first.pk, first.item_id)
    one = {"item": first.item_id, "key": make.item(launch).key, "parent": first.pk}
    assert told(launch, before) == [
        (Kind.COMMENT_WRITTEN, ben, make.NOW, one | {"comment": answer.pk}),
        (Kind.COMMENT_WRITTEN, launch.lead, make.NOW, one | {"comment": again.pk}),
    ]


def test_a_launch_is_talked_about_as_a_whole(launch):
    before = count_told(launch)

    said = comments.comment_on_launch(launch, text="Ready?", **by(launch.lead))

    assert (said.item, open_threads(launch)) == (None, 1)
    one = {"comment": said.pk}
    assert told(launch, before) == [(Kind.COMMENT_WRITTEN, launch.lead, make.NOW, one)]


def test_one_edits_one_s_own_words_and_every_wording_is_kept(launch):
    said, before = thread(launch, "Whi?"), count_told(launch)

    comments.edit(said, text="Why?", number=1, **by(launch.lead, LATER))

    said.refresh_from_db()
    wordings = list(said.revisions.order_by("number").values_list("number", "text", "at"))
    assert (said.text, said.edited_at) == ("Why?", LATER)
    assert wordings == [(1, "Whi?", make.NOW), (2, "Why?", LATER)]
    one = {"item": said.item_id, "key": make.item(launch).key, "comment": said.pk, "number": 2}
    assert told(launch, before) == [(Kind.COMMENT_EDITED, launch.lead, LATER, one)]


def test_edits_that_cannot_be_are_refused(launch):
    said, ben = thread(launch), make.user("Ben", team=launch.team)

    with refused(f"Only {launch.lead.name} can edit this."):
        comments.edit(said, text="No.", number=1, **by(ben))
    with refused("You edited this in another window since. Look at it again."):
        comments.edit(said, text="No.", number=2, **by(launch.lead))
    with refused("Nothing changed."):
        comments.edit(said, text="Why?", number=1, **by(launch.lead))
    Launch.objects.filter(pk=launch.pk).update(stage=Stage.ARCHIVED.value)
    with refused("This launch is over: its checklist is closed."):
        comments.edit(said, text="No.", number=1, **by(launch.lead))


def test_a_thread_is_resolved_and_opened_again_with_who_and_when(launch):
    first, ben = thread(launch), make.user("Ben", team=launch.team)
    before = count_told(launch)

    comments.resolve(first, **by(ben, LATER))
    resolved = Comment.objects.get(pk=first.pk), open_threads(launch)
    comments.reopen(first, **by(launch.lead, LATER))

    assert (resolved[0].resolved_by, resolved[0].resolved_at, resolved[1]) == (ben, LATER, 0)
    assert open_threads(launch) == 1
    assert [(kind, who) for kind, who, _, _ in told(launch, before)] == [
        (Kind.THREAD_RESOLVED, ben),
        (Kind.THREAD_REOPENED, launch.lead),
    ]


def test_who_began_a_thread_resolves_it_or_who_works_on_the_launch(launch):
    vera, amara = (
        make.user(name, team=launch.team, role=role)
        for name, role in (("Vera", Role.VIEWER), ("Amara", Role.APPROVER))
    )
    first = thread(launch, person=vera)

    with refused("Only Vera or somebody who works on this launch can resolve this."):
        comments.resolve(first, **by(amara))
    comments.resolve(first, **by(vera))
    comments.reopen(first, **by(amara))

    with refused("This thread is open already."):
        comments.reopen(first, **by(amara))
    comments.resolve(first, **by(launch.lead))
    with refused("This thread is resolved already."):
        comments.resolve(first, **by(vera))


@pytest.mark.parametrize("act", ["reply", "resolve", "reopen", "edit"])
def test_auditors_and_strangers_say_and_change_nothing(launch, act):
    first, eve = thread(launch), make.user("Eve", team=launch.team, role=Role.AUDITOR)
    more = {"text": "No.", "number": 1} if act == "edit" else {}
    more |= {"text": "No."} if act == "reply" else {}

    for person in (eve, make.user("Far", team=make.team())):
        with refused(GONE):
            getattr(comments, act)(first, **more, **by(person))


def test_only_a_whole_thread_is_resolved(launch):
    answer = comments.reply(thread(launch), text="So.", **by(launch.lead))

    with refused("Only a whole thread is resolved."):
        comments.resolve(answer, **by(launch.lead))
    answer.resolved_at, answer.resolved_by = make.NOW, launch.lead
    with (
        pytest.raises(IntegrityError, match="a_thread_is_resolved_by_somebody"),
        transaction.atomic(),
    ):
        answer.save()


@pytest.mark.django_db(transaction=True)
def test_two_who_resolve_a_thread_at_once_resolve_it_once():
    launch = make.launch(items=2)
    first, ben = thread(launch), make.user("Ben", team=launch.team)

    done = at_once(
        *(lambda who=who: comments.resolve(first, **by(who)) for who in (launch.lead, ben))
    )

    assert sorted(type(one).__name__ for one in done) == ["Comment", "Refused"]
    assert [kind for kind, *_ in told(launch)].count(Kind.THREAD_RESOLVED) == 1


def test_a_launch_says_whether_open_threads_hold_a_go(launch):
    before = count_told(launch)

    comments.let_threads_hold_go(launch, hold=True, edition=1, **by(launch.lead))

    launch.refresh_from_db()
    assert (launch.threads_hold_go, launch.edition) == (True, 2)
    changes = {"changes": {"open_threads": [False, True]}}
    assert told(launch, before) == [(Kind.LAUNCH_EDITED, launch.lead, make.NOW, changes)]
    with refused("Someone edited this launch since you loaded the page. Look at it again."):
        comments.let_threads_hold_go(launch, hold=False, edition=1, **by(launch.lead))
    with refused(GONE):
        ben = make.user("Ben", team=launch.team)
        comments.let_threads_hold_go(launch, hold=False, edition=2, **by(ben))


class TestMentions:
    @pytest.fixture
    def launch(self):
        team = make.team()
        lead = make.user("Lea Lang", team=team, role=Role.LEAD)
        return make.launch(items=2, team=team, by=lead)

    @pytest.fixture
    def ann(self, launch):
        return make.user("Ann Ash", team=launch.team)

    def names(self, launch, text):
        return {name: person.name for name, person in mentioned(launch, text).items()}

    def test_full_names_first_names_and_mail_addresses_are_understood(self, launch, ann):
        text = f"@Ann Ash, @lea and @{ann.email}: look. @Nobody too."

        found = self.names(launch, text)

        assert found == {"ann ash": "Ann Ash", "lea": "Lea Lang", ann.email: "Ann Ash"}

    def test_who_may_not_read_the_launch_stays_text_and_is_nobody_else(self, launch, ann):
        make.user("Ann Other", team=make.team())
        make.user("Ann Gone", team=launch.team, is_active=False)

        assert self.names(launch, "@Ann Other?") == {}
        assert self.names(launch, "@Ann Other and @Ann") == {"ann": "Ann Ash"}

    def test_a_name_that_several_have_stays_text_but_an_address_does_not(self, launch, ann):
        twin = make.user("Ann Ash", team=launch.team)

        assert self.names(launch, f"@Ann Ash @Ann @{twin.email}") == {twin.email: "Ann Ash"}
        assert [how for _, how in written(launch, [ann, twin])] == [ann.email, twin.email]

    def test_code_and_mail_addresses_mention_nobody(self, launch, ann):
        assert self.names(launch, "`@Ann Ash` and me@ann.example") == {}

    def test_those_are_offered_who_may_read_the_launch(self, launch, ann):
        make.user("Ann Other", team=make.team())
        site = make.user("Anna Admin", is_site_admin=True)
        auditor = make.everywhere(make.user("Jo Annan"), Role.AUDITOR)

        assert offered(launch, "ann") == [ann, site, auditor]

    def test_a_mention_is_remembered_once_and_said_in_the_event(self, launch, ann):
        ben, before = make.user("Ben Bo", team=launch.team), count_told(launch)

        said = thread(launch, "@Ann Ash, @Lea Lang?")
        comments.edit(said, text="@Ann Ash and @Ben Bo?", number=1, **by(launch.lead))

        found = CommentMention.objects.filter(comment=said).order_by("pk")
        assert [one.person for one in found] == [ann, ben]
        payloads = [payload.get("mentions") for _, _, _, payload in told(launch, before)]
        assert payloads == [[ann.pk], [ben.pk]]
        [shown] = threads_of_item(make.item(launch), reader=ann, acts=())
        assert shown.first.html.count('class="mention"') == 2


@pytest.mark.parametrize("count", [1, 30])
def test_a_discussion_takes_as_many_statements_for_one_thread_as_for_thirty(
    launch, count, django_assert_num_queries
):
    for number in range(count):
        first = thread(launch, f"Question {number}")
        comments.reply(first, text="Answer", **by(launch.lead))

    with django_assert_num_queries(4):
        found = discussion_of(launch, reader=launch.lead, acts=(), is_open=None, before=None)

    assert (len(found.threads), found.open, found.resolved) == (count, count, 0)
    assert [len(one.replies) for one in found.threads] == [1] * count


def test_older_threads_are_on_the_next_page(launch):
    said = [comments.comment_on_launch(launch, text=f"{n}", **by(launch.lead)) for n in range(52)]

    first = discussion_of(launch, reader=launch.lead, acts=(), is_open=True, before=None)
    rest = discussion_of(launch, reader=launch.lead, acts=(), is_open=True, before=first.older)

    shown = [one.pk for page in (first, rest) for one in page.threads]
    assert shown == [one.pk for one in said[::-1]]
    assert rest.older is None


def test_a_go_waits_for_open_threads_where_the_launch_says_so():
    here = room()
    edition = here.launch.edition
    comments.let_threads_hold_go(here.launch, hold=True, edition=edition, **by(here.lead))
    first = thread(here.launch, person=here.lead)
    here.ask()
    here.say(here.ann)

    with refused("No GO while 1 thread is open. Resolve what is left in the discussion."):
        here.say(here.bob)
    comments.resolve(first, **by(here.lead))
    here.say(here.bob)

    assert here.again().stage == "approved"
