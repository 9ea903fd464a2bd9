"""What a migration only notes is what Django would have made of it."""

from django.db.migrations import AddConstraint, AddIndex, Migration, SeparateDatabaseAndState
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import BigAutoField, CheckConstraint, Index, Q

from readiness.web.migrating import note_quickly


def test_indexes_and_constraints_are_noted_where_django_writes_them():
    migration = Migration("named_afterwards", "yard")
    migration.operations = [
        AddConstraint("boat", CheckConstraint(condition=Q(pk__gt=0), name="boats_are_counted")),
        SeparateDatabaseAndState(
            state_operations=[AddIndex("boat", Index(fields=["id"], name="boats_by_number"))]
        ),
    ]
    plainly, quickly = yard(), yard()
    made = quickly.apps.get_model("yard", "boat")

    migration.mutate_state(plainly, preserve=False)
    note_quickly(migration)
    migration.mutate_state(quickly, preserve=False)

    assert quickly == plainly
    assert known(quickly) == known(plainly) == ["boats_by_number", "boats_are_counted"]
    assert quickly.apps.get_model("yard", "boat") is made


def yard() -> ProjectState:
    """A model of no room, drawn."""
    state = ProjectState()
    state.add_model(ModelState("yard", "boat", [("id", BigAutoField(primary_key=True))]))
    assert state.apps.is_installed
    return state


def known(state: ProjectState) -> list[str]:
    options = state.apps.get_model("yard", "boat")._meta
    return [one.name for one in (*options.indexes, *options.constraints)]
