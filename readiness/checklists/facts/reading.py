"""The definitions of facts: read as strictly as a checklist, held against their schema."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from readiness.checklists.document.lines import read_lines
from readiness.checklists.document.problems import Problem, Unreadable
from readiness.rules.facts.definitions import FactType, fact_type_of

HERE = Path(__file__).resolve().parent
SCHEMA = json.loads((HERE / "schema.json").read_text())


@cache
def fact_types() -> dict[str, FactType]:
    """Every fact there is, by its key."""
    return read_fact_types((HERE / "fact-types.yaml").read_bytes())


def read_fact_types(content: bytes) -> dict[str, FactType]:
    """The definitions in a file, or Unreadable with a line and a sentence for each fault."""
    lines = read_lines(content)
    faults = Draft202012Validator(SCHEMA).iter_errors(lines.value)
    if problems := [Problem(lines.of(tuple(one.absolute_path)), one.message) for one in faults]:
        raise Unreadable(problems)
    said: dict[str, Any] = lines.value
    return {key: fact_type_of(key, one, said["version"]) for key, one in said["facts"].items()}
