"""The definitions of facts, read as strictly as a checklist. A test holds them to their schema."""

from functools import cache
from pathlib import Path
from typing import Any

from readiness.checklists.document.lines import read_lines
from readiness.rules.facts.definitions import FactType, fact_type_of

HERE = Path(__file__).resolve().parent
SCHEMA, TYPES = HERE / "schema.json", HERE / "fact-types.yaml"


@cache
def fact_types() -> dict[str, FactType]:
    """Every fact there is, by its key."""
    said: dict[str, Any] = read_lines(TYPES.read_bytes()).value
    return {key: fact_type_of(key, one, said["version"]) for key, one in said["facts"].items()}
