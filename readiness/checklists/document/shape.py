"""The schema of a checklist file, and its complaints in plain words."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from readiness.checklists.document.lines import Lines, name_of
from readiness.checklists.document.problems import Path, Problem

LIBRARY = FilePath(__file__).resolve().parent.parent / "library"
SCHEMA = json.loads((LIBRARY / "schema.json").read_text())
TYPES = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
FORMS = {
    SCHEMA["$defs"]["slug"]["pattern"]: "lower-case words joined by hyphens",
    SCHEMA["$defs"]["name"]["pattern"]: "lower-case words joined by underscores",
    SCHEMA["$defs"]["rational"]["pattern"]: 'a number written as text, for example "0.1" or "1/2"',
    SCHEMA["properties"]["template"]["properties"]["version"]["pattern"]: (
        "three numbers, for example 1.0.0"
    ),
}
ONE_OF = {
    "facets": "facet",
    "answers": "answer",
    "bands": "band",
    "sections": "section",
    "items": "item",
    "checks": "check",
    "any": "condition",
}
ALTERNATIVES = {
    "applies_when": "a condition, for example {serving: online}",
    "blocker": "always, or a condition, for example {user_facing: true}",
}


def _whole_pattern(
    validator: Draft202012Validator, pattern: str, instance: object, schema: object
) -> Iterator[ValidationError]:
    """The whole text, in plain digits: `$` alone lets a line break through."""
    if isinstance(instance, str) and not re.fullmatch(pattern, instance, re.ASCII):
        yield ValidationError(pattern)


def _all_different(
    validator: Draft202012Validator,
    wanted: object,
    instance: object,
    schema: object,
) -> Iterator[ValidationError]:
    """No two the same, in one pass; the library compares each with each."""
    if wanted and isinstance(instance, list):
        different = {json.dumps(one, sort_keys=True) for one in instance}
        if len(different) < len(instance):
            yield ValidationError("not unique")


VALIDATOR = validators.extend(
    Draft202012Validator, {"pattern": _whole_pattern, "uniqueItems": _all_different}
)(SCHEMA)


def misshapen(lines: Lines) -> list[Problem]:
    """Every place where a file is not what the schema asks for."""
    return [
        problem
        for error in VALIDATOR.iter_errors(lines.value)
        for problem in _in_words(error, lines)
    ]


def _in_words(error: ValidationError, lines: Lines) -> Iterator[Problem]:
    path: Path = tuple(error.absolute_path)
    rule: Any = error.schema
    found: Any = error.instance
    asked: Any = error.validator_value
    if error.validator == "additionalProperties":
        known = rule.get("properties", {})
        for key in found:
            if key not in known:
                yield Problem(lines.of((*path, key)), f"{key} is not known {_inside(path)}.")
    elif error.validator == "required":
        for key in asked:
            if key not in found:
                yield Problem(lines.of(path), f"{key} is missing {_inside(path)}.")
    elif "propertyNames" in error.absolute_schema_path:
        key = str(error.instance)
        yield Problem(lines.of((*path, key)), f"{key[:40]} {_says(error)}.")
    else:
        yield Problem(lines.of(path), f"{name_of(path)} {_says(error)}.")


def _inside(path: Path) -> str:
    """Where a key was looked for."""
    if not path:
        return "in this file"
    return f"in this {ONE_OF[name_of(path)]}" if isinstance(path[-1], int) else f"in {path[-1]}"


def _says(error: ValidationError) -> str:
    """What one rule of the schema asks for."""
    if error.validator == "oneOf":
        return f"must be {ALTERNATIVES.get(name_of(tuple(error.absolute_path)), 'a condition')}"
    asked: Any = error.validator_value
    if error.validator == "type" and isinstance(error.instance, int):
        return f'must be {TYPES[asked]}, for example "{error.instance}"'
    words = SAYINGS.get(str(error.validator))
    return words(asked) if words else "is not what a checklist asks for here"


def _listed(options: list[object]) -> str:
    return ", ".join(str(option) for option in options)


SAYINGS: dict[str, Callable[[Any], str]] = {
    "type": lambda kind: f"must be {TYPES[kind]}",
    "const": lambda value: f"must be {value}",
    "enum": lambda options: f"must be one of {_listed(options)}",
    "pattern": lambda pattern: f"must be {FORMS[pattern]}",
    "minLength": lambda least: "must not be empty",
    "maxLength": lambda most: f"is longer than {most} characters",
    "minItems": lambda least: f"needs at least {least}",
    "maxItems": lambda most: f"holds at most {most}",
    "minProperties": lambda least: f"needs at least {least}",
    "uniqueItems": lambda _: "says the same thing twice",
    "minimum": lambda least: f"must be {least} or more",
    "maximum": lambda most: f"must be {most} or less",
    "dependentRequired": lambda _: "needs from and from_included together",
}
