"""What Django does in vain when it migrates, and what is done in its place."""

from collections.abc import Iterable, Iterator
from functools import partial

from django.db.migrations import Migration
from django.db.migrations.operations import AddConstraint, AddIndex, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


def note_quickly(migration: Migration) -> None:
    """Let the migration only note that a model has another index or constraint.

    Django makes that model and all around it anew, for each of them: half of its work on an
    empty database. But nothing in any of them differs, except for one list. The operations are
    the same for all who load the migration.
    """
    for operation in found_in(migration.operations):
        if isinstance(operation, AddIndex | AddConstraint):
            noted = partial(note, operation)
            operation.state_forwards = noted  # type: ignore[method-assign]


def found_in(operations: Iterable[Operation]) -> Iterator[Operation]:
    """All operations, also those in others."""
    for operation in operations:
        yield operation
        if isinstance(operation, SeparateDatabaseAndState):
            yield from found_in(operation.database_operations)
            yield from found_in(operation.state_operations)


def note(operation: AddIndex | AddConstraint, app_label: str, state: ProjectState) -> None:
    """Write it into the model's state, and into the model if one was made of it."""
    kind = operation.option_name
    one = operation.index if isinstance(operation, AddIndex) else operation.constraint
    options = state.models[app_label, operation.model_name_lower].options
    options[kind] = [*options[kind], one]
    if "apps" in vars(state):
        model = state.apps.get_model(app_label, operation.model_name)
        setattr(model._meta, kind, options[kind])
