"""Statements that wait for company: in their order, on what they find, and never past a COMMIT."""

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from psycopg.errors import DivisionByZero

from readiness.accounts.models import User
from readiness.web import prepared
from tests import make

RENAME = "UPDATE accounts_user SET name = %s WHERE id = %s"
NAME = "SELECT name FROM accounts_user WHERE id = %s"


@pytest.fixture
def person(request):
    return make.user("Ann")


def rename(person, name):
    prepared.run(RENAME, [name, person.pk])


def name_of(person):
    return User.objects.get(pk=person.pk).name


def waiting():
    return len(connection.waiting)


@pytest.mark.django_db
def test_what_is_asked_leaves_together_and_is_carried_out_in_its_order(person):
    with transaction.atomic():
        rename(person, "Bea")
        first = prepared.ask(NAME, [person.pk], prepared.first)
        rename(person, "Cem")
        second = prepared.ask(NAME, [person.pk], prepared.first)
        assert waiting() == 4

        assert (second.read(), first.read()) == (("Cem",), ("Bea",))

    assert waiting() == 0


@pytest.mark.django_db
def test_whatever_django_asks_itself_comes_after_what_waits(person):
    with transaction.atomic():
        rename(person, "Bea")

        assert (name_of(person), waiting()) == ("Bea", 0)


@pytest.mark.django_db
def test_who_goes_back_to_a_savepoint_never_asked(person):
    rename(person, "Bea")

    with transaction.atomic():
        rename(person, "Cem")
        prepared.run("SELECT 1 / 0", [])
        transaction.set_rollback(True)

    assert name_of(person) == "Bea"


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_waits(person):
    rename(person, "Bea")

    assert waiting() == 0
    assert name_of(person) == "Bea"


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_together_leaves_in_one_journey_without_a_transaction(person):
    with prepared.together():
        before = prepared.ask(NAME, [person.pk], prepared.first)
        rename(person, "Bea")
        after = prepared.ask(NAME, [person.pk], prepared.first)
        assert waiting() == 3

    assert waiting() == 0
    assert (before.read(), after.read(), connection.in_atomic_block) == (("Ann",), ("Bea",), False)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_behind_by_who_fails_while_asking_together(person):
    def fail() -> None:
        with prepared.together():
            rename(person, "Bea")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert (waiting(), name_of(person)) == (0, "Ann")
    rename(person, "Cem")
    assert (waiting(), name_of(person)) == (0, "Cem")


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_together_in_a_transaction_is_part_of_it(person):
    with transaction.atomic():
        rename(person, "Bea")
        with prepared.together():
            rename(person, "Cem")
        assert waiting() == 2
        transaction.set_rollback(True)

    assert (waiting(), name_of(person)) == (0, "Ann")


@pytest.mark.django_db(transaction=True)
def test_what_nobody_reads_leaves_with_the_commit(person):
    with transaction.atomic():
        rename(person, "Bea")
        assert waiting() == 1
        transaction.on_commit(lambda: seen.append((waiting(), name_of(person))))
        seen: list[tuple] = []

    assert seen == [(0, "Bea")]


@pytest.mark.django_db(transaction=True)
def test_who_rolls_back_never_asked(person):
    with transaction.atomic():
        rename(person, "Bea")
        transaction.set_rollback(True)

    assert (waiting(), name_of(person)) == (0, "Ann")


@pytest.mark.django_db(transaction=True)
def test_a_fault_that_shows_at_the_commit_is_raised_there_and_nothing_is_kept(person):
    seen: list[str] = []

    @transaction.atomic
    def fail() -> None:
        transaction.on_commit(lambda: seen.append("committed"))
        rename(person, "Bea")
        prepared.run("UPDATE accounts_user SET name = NULL WHERE id = %s", [person.pk])

    with pytest.raises(IntegrityError, match="null value"):
        fail()

    assert (seen, waiting(), name_of(person)) == ([], 0, "Ann")


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_broke_unheard_is_not_taken_for_committed(person):
    @transaction.atomic
    def break_it() -> None:
        rename(person, "Bea")
        connection.cursor()  # sends what waits
        with pytest.raises(DivisionByZero):
            connection.connection.execute("SELECT 1 / 0")

    with pytest.raises(OperationalError, match="did not COMMIT"):
        break_it()

    assert name_of(person) == "Ann"


@pytest.mark.django_db(transaction=True)
def test_a_server_that_hangs_up_in_the_middle_is_noticed(person):
    @transaction.atomic
    def be_hung_up() -> None:
        rename(person, "Bea")
        prepared.run("SELECT pg_terminate_backend(pg_backend_pid())", [])
        prepared.rows("SELECT 1", [])

    with pytest.raises(OperationalError):
        be_hung_up()

    connections.close_all()
    assert name_of(person) == "Ann"


@pytest.mark.django_db(transaction=True)
def test_answers_longer_than_a_buffer_arrive_whole():
    with transaction.atomic():
        numbers = prepared.ask("SELECT generate_series(1, %s)", [100_000], list)
        word = prepared.ask("SELECT repeat('x', %s), %s", [1_000_000, "y" * 3_000_000], list)

        assert numbers.read() == [(number,) for number in range(1, 100_001)]
        assert word.read() == [("x" * 1_000_000, "y" * 3_000_000)]
