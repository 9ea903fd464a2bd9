"""A fact in sentences, with units: what a row means to somebody who never saw its form."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

from readiness.rules.facts.around import Around, Filled, Row
from readiness.rules.facts.definitions import Field, FieldType
from readiness.rules.facts.durations import said as lasting
from readiness.rules.facts.experiment import WEEK, size_of
from readiness.rules.facts.operating import passed
from readiness.rules.facts.testing import required_rps
from readiness.rules.facts.values import Value, Values

Names = Mapping[int, str]
Say = Callable[[Row, Filled, Around, Names], str]
SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
GAP = "…"
IN_WEEKS = "min_days"


def sentences_of(fact: Filled, around: Around, names: Names) -> list[str]:
    """One sentence for each row; and one for what is said of all of them."""
    found = [SAYS[fact.type.key](row, fact, around, names) for row in fact.rows]
    return found + [f"{label}: {said}" for label, said in table_of(fact, fact.whole, around, names)]


def table_of(fact: Filled, row: Row, around: Around, names: Names) -> list[tuple[str, str]]:
    """Every field of a row that says something, by its label."""
    fields = fact.type.fields_of(row.number)
    return [
        (field.label, shown(field, row.get(field.key), around, names))
        for field in fields
        if row.has(field.key)
    ]


def shown(field: Field, value: Value, around: Around, names: Names) -> str:
    """A value as people read it, with its unit."""
    if value in (None, []):
        return ""
    if field.record:
        return "; ".join(_line(field, line, around, names) for line in value)
    if field.type is FieldType.LIST and field.of is FieldType.USER:
        return ", ".join(names.get(one, GAP) for one in value)
    if field.type is FieldType.LIST:
        unit = f" {field.unit}" if field.unit else ""
        words = (one if isinstance(one, str) else around.number(one) for one in value)
        return ", ".join(words) + unit
    return _scalar(field, value, around, names)


def _scalar(field: Field, value: Value, around: Around, names: Names) -> str:
    match field.type:
        case FieldType.ENUM:
            return field.options.get(value, value)
        case FieldType.BOOLEAN:
            return "yes" if value else "no"
        case FieldType.DURATION:
            return lasting(value)
        case FieldType.USER:
            return names.get(value, GAP)
        case FieldType.DATETIME:
            return _moment(value, around)
        case FieldType.DATE:
            return around.in_full(value)
        case FieldType.DECIMAL:
            return f"{around.number(value)} {field.unit}".strip()
        case FieldType.INTEGER:
            return f"{around.grouped(value)} {field.unit}{_weeks(field, value)}".strip()
    return str(value)


def _weeks(field: Field, days: int) -> str:
    """A duration that was worked out is planned in whole weeks."""
    if field.key != IN_WEEKS:
        return ""
    weeks = -(-days // WEEK)
    return f", so {weeks} week{'s' if weeks > 1 else ''}"


def _line(field: Field, line: Values, around: Around, names: Names) -> str:
    said = [(one, shown(one, line.get(one.key), around, names)) for one in field.record]
    return ", ".join(f"{one.label.lower()} {words}" for one, words in said if words)


def _moment(at: datetime, around: Around) -> str:
    local = around.local(at)
    return f"{around.in_full(local)}, {local:%H:%M} {local:%Z}"


def _option(fact: Filled, row: Row, name: str) -> str:
    field = next(one for one in fact.type.fields if one.key == name)
    return field.options.get(row.get(name), GAP)


def _number(row: Row, around: Around, name: str) -> str:
    return around.number(row.get(name)) if row.has(name) else GAP


def _person(row: Row, name: str, names: Names) -> str:
    return names.get(row.get(name), GAP) if row.has(name) else GAP


def _text(row: Row, name: str) -> str:
    return row.get(name) or GAP


def _trigger(row: Row, fact: Filled, around: Around, names: Names) -> str:
    unit = _option(fact, row, "unit")
    threshold = _number(row, around, "threshold")
    threshold += "" if unit in ("count", "ratio") else f" {unit}"
    compare, baseline = row.get("compare"), _option(fact, row, "baseline")
    if compare == "relative_drop":
        when = f"drops by more than {threshold} from the {baseline}"
    elif compare == "relative_rise":
        when = f"rises by more than {threshold} over the {baseline}"
    else:
        when = f"{SIGNS.get(row.get('operator') or '', GAP)} {threshold}"
    lasts = f" for {lasting(row.get('sustained_for'))}" if row.get("sustained_for") else ""
    then = {
        "auto_rollback": ", then rolls back",
        "page_owner": ", then pages the rollback owner",
        "hold_rollout": ", then holds the rollout",
    }.get(row.get("action") or "", "")
    return f"{_text(row, 'name')}: fires when {_text(row, 'signal')} {when}{lasts}{then}."


def _rollout(row: Row, fact: Filled, around: Around, names: Names) -> str:
    stages = [
        f"{around.number(one['share']) if one.get('share') is not None else GAP} %"
        + (f" for {lasting(one['hold'])}" if one.get("hold") else "")
        for one in row.get("stages") or []
    ]
    sticky = " The same user stays in the same arm." if row.get("sticky") else ""
    zero = row.get("back_to_zero_seconds")
    back = f" Back to 0 % in {lasting(zero)}." if zero else ""
    return f"{' → '.join(stages) or GAP} of {_option(fact, row, 'unit')}.{sticky}{back}"


def _ownership(row: Row, fact: Filled, around: Around, names: Names) -> str:
    window = [
        _moment(row.get(name), around) if row.has(name) else GAP
        for name in ("window_start", "window_end")
    ]
    alone = "; may act alone" if row.get("may_act_alone") else ""
    seats = ("owner", "deputy")
    word = [_person(row, one, names) for one in seats if row.has(f"accepted_by_{one}_at")]
    accepted = f" Accepted by {' and '.join(word)}." if word else ""
    goal = row.get("target_minutes")
    within = f", back within {around.number(goal)} min" if goal else ""
    return (
        f"{_person(row, 'owner', names)} rolls back, {_person(row, 'deputy', names)} stands in, "
        f"{window[0]} to {window[1]}{within}{alone}.{accepted}"
    )


def _experiment(row: Row, fact: Filled, around: Around, names: Names) -> str:
    said = partial(_number, row, around)
    size = size_of(row.values)
    needs = ""
    if size:
        days = f", {size.days} days at least" if size.days is not None else ""
        needs = f" It needs {around.grouped(size.total)} units{days}."
    return (
        f"{_text(row, 'primary_metric')} ({_option(fact, row, 'metric_kind')}), from "
        f"{said('baseline')}, to see a change of {said('min_effect')}, randomised "
        f"by {_option(fact, row, 'randomisation_unit')}, for {said('duration_days')} days, "
        f"approved by {_person(row, 'approved_by', names)}.{needs}"
    )


def _freshness(row: Row, fact: Filled, around: Around, names: Names) -> str:
    lag = lasting(row.get("max_lag")) if row.has("max_lag") else GAP
    return (
        f"{_text(row, 'dataset')} for {_option(fact, row, 'purpose')}: at most {lag} behind by "
        f"{_option(fact, row, 'measured_as')}, else {_option(fact, row, 'on_breach')}. "
        f"{_person(row, 'owner', names)} owns it."
    )


def _load_test(row: Row, fact: Filled, around: Around, names: Names) -> str:
    said = partial(_number, row, around)
    required = required_rps(row)
    ran = _moment(row.get("ran_at"), around) if row.has("ran_at") else GAP
    return (
        f"{said('achieved_rps')} requests per second of "
        f"{around.number(required) if required is not None else GAP} required "
        f"({said('headroom_factor')} × the peak of {said('peak_rps')}), P99 "
        f"{said('p99_ms')} of {said('p99_limit_ms')} ms, errors "
        f"{said('error_percent')} of {said('error_limit_percent')} %, steady for "
        f"{said('steady_minutes')} min in {_option(fact, row, 'environment')}, "
        f"{_text(row, 'model_version')}, {ran}."
    )


def _review(row: Row, fact: Filled, around: Around, names: Names) -> str:
    at = _moment(row.get("review_at"), around) if row.has("review_at") else GAP
    people = [names.get(one, GAP) for one in row.get("participants") or []]
    others = f" with {', '.join(people)}" if people else ""
    held = f" Held {_moment(row.get('held_at'), around)}." if row.has("held_at") else ""
    outcome = f" Outcome: {_option(fact, row, 'outcome')}." if row.has("outcome") else ""
    return f"{at}, by {_person(row, 'owner', names)}{others}.{held}{outcome}"


def _rehearsal(row: Row, fact: Filled, around: Around, names: Names) -> str:
    said = partial(_number, row, around)
    verdict = {True: "Passed", False: "Not passed", None: GAP}[passed(row)]
    data = ", with a data change" if row.get("needed_data_change") else ""
    at = _moment(row.get("rehearsed_at"), around) if row.has("rehearsed_at") else GAP
    return (
        f"{verdict}: {_text(row, 'from_version')} → {_text(row, 'to_version')} in "
        f"{said('minutes')} of {said('target_minutes')} min{data}, by "
        f"{_person(row, 'operator', names)} in {_option(fact, row, 'environment')}, {at}."
    )


SAYS: dict[str, Say] = {
    "rollback_triggers": _trigger,
    "rollout_plan": _rollout,
    "rollback_ownership": _ownership,
    "experiment_plan": _experiment,
    "freshness_slas": _freshness,
    "load_test": _load_test,
    "post_launch_review": _review,
    "rollback_rehearsal": _rehearsal,
}


def changes_of(
    fact: Filled, was: Row | None, becomes: Row | None, around: Around, names: Names
) -> Iterator[tuple[str, str, str]]:
    """What differs between two revisions of a row: the label, what was said and what is."""
    number_ = (becomes or was or Row(1, {})).number
    for field in fact.type.fields_of(number_):
        pair = [
            shown(field, row.get(field.key), around, names) if row else "" for row in (was, becomes)
        ]
        if pair[0] != pair[1]:
            yield field.label, pair[0], pair[1]
