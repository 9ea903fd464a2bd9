"""Files that are no checklist are told why, line by line."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.checklists.document.problems import Unreadable
from readiness.checklists.document.reading import read
from tests.checklists.given import SMALL, changed

BROKEN = [
    # YAML that is not plain
    (
        'weight: "0.1"',
        "weight: 0.1",
        'Line 34: weight is a float; write it as text, for example "0.1".',
    ),
    (
        "version: 1.0.0",
        "version: 1.0",
        'Line 4: version is a float; write it as text, for example "1.0".',
    ),
    (
        'credit: "1/2"',
        "credit: .5",
        'Line 15: credit is a float; write it as text, for example ".5".',
    ),
    ("language: en", "language: no", 'Line 7: language is a bare no; write true, false or "no".'),
    (
        "licence: ours",
        "licence: 2026-11-22",
        'Line 8: licence is a date; write it as text: "2026-11-22".',
    ),
    ("licence: ours", "licence:", "Line 8: licence has no value."),
    (
        "licence: ours",
        "licence: 0x1F",
        'Line 8: licence is not a plain whole number; write it as text: "0x1F".',
    ),
    ("licence: ours", r'licence: "\0"', "Line 8: licence holds a character that cannot be shown."),
    (
        "licence: ours",
        r'licence: "\ud800"',
        "Line 8: licence holds a character that cannot be shown.",
    ),
    ("language: en", "title: Twice", "Line 7: title is here twice; it stands on line 5 already."),
    ("licence: ours", "licence: &ours ours", "Line 8: &ours is an anchor; write the value out."),
    ("licence: ours", "licence: *ours", "Line 8: *ours is an alias; write the value out."),
    ("licence: ours", "licence: !!str ours", "Line 8: this has a tag; leave it out."),
    (
        "licence: ours",
        "licence: !!python/object:os.system ours",
        "Line 8: this has a tag; leave it out.",
    ),
    ("licence: ours", "licence: " + "[" * 20, "Line 8: this is nested more than 16 levels deep."),
    (
        "licence: ours",
        "licence: a: b",
        "Line 8: this is not YAML: mapping values are not allowed here.",
    ),
    ("licence: ours", "? [licence]\n  : ours", "Line 8: a key must be a word."),
    (
        "policy: {",
        "---\npolicy: {",
        "Line 23: a second document starts here; a file holds one checklist.",
    ),
    # not the shape of a checklist
    (
        "readiness-template/v1",
        "readiness-template/v9",
        "Line 1: schema must be readiness-template/v1.",
    ),
    (
        "licence: ours",
        "licenze: ours",
        "Line 2: licence is missing in template.\nLine 8: licenze is not known in template.",
    ),
    ("policy: {blockers: gate_decision}\n", "", "Line 1: policy is missing in this file."),
    ("policy: {", "<<: {a: b}\npolicy: {", "Line 23: << is not known in this file."),
    ("measure: share", "measure: total", "Line 18: measure must be one of share, sum, required."),
    (
        "blockers: gate_decision",
        "blockers: [off_]",
        "Line 23: blockers must be one of gate_decision, cap_verdict, off.",
    ),
    ("version: 1.0.0", "version: v1", "Line 4: version must be three numbers, for example 1.0.0."),
    (
        "version: 1.0.0",
        'version: "1.0.0\\n"',
        "Line 4: version must be three numbers, for example 1.0.0.",
    ),
    (
        "version: 1.0.0",
        "version: ١.٠.٠",
        "Line 4: version must be three numbers, for example 1.0.0.",
    ),
    ("key: runbook", "key: Run_book", "Line 29: key must be lower-case words joined by hyphens."),
    ("key: genai", "key: gen-ai", "Line 11: key must be lower-case words joined by underscores."),
    ("{sre: SRE", "{SRE: SRE", "Line 12: SRE must be lower-case words joined by underscores."),
    (
        'credit: "1/2"',
        "credit: half",
        'Line 15: credit must be a number written as text, for example "0.1" or "1/2".',
    ),
    ('weight: "0.1"', "weight: 1", 'Line 34: weight must be text, for example "1".'),
    ("na_allowed: false", 'na_allowed: "no"', "Line 33: na_allowed must be true or false."),
    ("        na_allowed: false\n", "", "Line 29: na_allowed is missing in this item."),
    (
        "na_allowed: false",
        "na_allowed: false\n        fresh_days: 0",
        "Line 34: fresh_days must be 1 or more.",
    ),
    (
        "na_allowed: false",
        "na_allowed: false\n        evidence: []",
        "Line 34: evidence needs at least 1.",
    ),
    (
        "na_allowed: false",
        "na_allowed: false\n        evidence: [a, b, c, d]",
        "Line 34: evidence holds at most 3.",
    ),
    ("involves: [product]", "involves: [sre, sre]", "Line 32: involves says the same thing twice."),
    ("title: A runbook exists", 'title: ""', "Line 30: title must not be empty."),
    (
        "title: A runbook exists",
        "title: " + "a" * 301,
        "Line 30: title is longer than 300 characters.",
    ),
    (
        "blocker: always",
        "blocker: sometimes",
        "Line 35: blocker must be always, or a condition, for example {user_facing: true}.",
    ),
    (
        "{serving: online}",
        "{any: [{serving: online}]}",
        "Line 40: applies_when must be a condition, for example {serving: online}.",
    ),
    (", from_included: true", "", "Line 22: bands needs from and from_included together."),
    (
        "na_allowed: false",
        "na_allowed: false\n        signing: {rule: role_quorum}",
        "Line 34: quorum is missing in signing.\nLine 34: role is missing in signing.",
    ),
    # parts that do not fit together
    (
        "version: 1.0.0",
        "version: 1.0.9999999999",
        "Line 4: version has a number that is too large.",
    ),
    ("version: 1.0.0", "version: 1.0.01", "Line 4: version has a number that starts with 0."),
    ("key: switch", "key: runbook", 'Line 36: there are two items with the key "runbook".'),
    ("key: team", "key: rollback", 'Line 42: there are two sections with the key "rollback".'),
    (
        "key: genai",
        "key: serving",
        (
            'Line 11: there are two facets with the key "serving".\n'
            'Line 40: applies_when: "serving" is answered by true or false.\n'
            'Line 41: blocker: There is no facet "genai".'
        ),
    ),
    ("key: half", "key: checked", 'Line 16: there are two answers with the key "checked".'),
    (
        "key: ready",
        "key: delay",
        'Line 20: Bands need keys of their own, and none may be "not_assessable".',
    ),
    ("owner_role: sre", "owner_role: lawyer", 'Line 31: there is no role "lawyer".'),
    ("involves: [product]", "involves: [product, lawyer]", 'Line 32: there is no role "lawyer".'),
    ("{serving: online}", "{edge: true}", 'Line 40: applies_when: There is no facet "edge".'),
    (
        "{serving: online}",
        "{serving: edge}",
        'Line 40: applies_when: "edge" is no option of "serving".',
    ),
    ("{genai: true}", "{genai: online}", 'Line 41: blocker: "genai" is answered by true or false.'),
    (
        ", options: [online, batch]",
        "",
        (
            'Line 10: the facet "serving" needs options to choose from.\n'
            'Line 40: applies_when: "online" is no option of "serving".'
        ),
    ),
    (
        "type: boolean",
        "type: boolean, options: [a, b]",
        'Line 11: the facet "genai" is answered by yes or no; leave its options out.',
    ),
    (
        "key: genai",
        "key: any",
        'Line 11: a facet may not be called "any".\nLine 41: blocker: There is no facet "genai".',
    ),
    (
        "outcome: no_go}",
        'outcome: no_go, from: "0", from_included: true}',
        'Line 20: The lowest band, "delay", must admit every score.',
    ),
    (
        ', from: "80/100", from_included: true',
        "",
        "Line 20: Every band above the lowest must say where it starts.",
    ),
    (
        "gate_decision}",
        "gate_decision, approver_quorum: 0}",
        "Line 23: approver_quorum must be 1 or more.",
    ),
    (
        "policy: {",
        '    - {key: more, title: More, outcome: go, from: "4/5", from_included: true}\npolicy: {',
        "Line 20: Bands must run from the lowest up.",
    ),
    ('from: "80/100"', 'from: "81/80"', "Line 22: from is more than 1, which nothing reaches."),
    ('credit: "0"', 'credit: "1/4"', "Line 13: one answer must have the credit 0."),
    ('credit: "1"}', 'credit: "3/4"}', "Line 13: one answer must have the full credit, 1."),
    ('credit: "1/2"', 'credit: "3/2"', "Line 15: credit is more than 1."),
    (
        'credit: "1/2"',
        'credit: "0.123456789012345678901"',
        "Line 15: credit has more than 20 signs.",
    ),
    (
        'weight: "1/3"',
        'weight: "1/1000000007"',
        "Line 39: weight is too fine or too large to be added up exactly.",
    ),
    (
        'weight: "1/3"',
        'weight: "1000000001"',
        "Line 39: weight is too fine or too large to be added up exactly.",
    ),
    (
        "gate_decision}",
        'gate_decision, na_review_share: "3/2"}',
        "Line 23: na_review_share is more than 1.",
    ),
    (
        "na_allowed: false",
        "na_allowed: false\n        requires: [fact]",
        "Line 34: requires asks for a fact, but the item names none.",
    ),
    (
        "na_allowed: false",
        "na_allowed: false\n        fact: fairness_review\n        requires: [fact]",
        'Line 34: nobody could fill in the fact "fairness_review": it is unknown.',
    ),
    (
        "gate_decision}",
        "gate_decision, signing: {rule: role_quorum, role: lawyer, quorum: 2}}",
        'Line 23: there is no role "lawyer".',
    ),
    (
        "na_allowed: false",
        "na_allowed: false\n        signing: {rule: role_quorum, role: lawyer, quorum: 2}",
        'Line 34: there is no role "lawyer".',
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN, ids=[case[2] for case in BROKEN])
def test_a_broken_file_is_told_its_line_and_what_to_write(old, new, said):
    content = changed(old, new)

    with pytest.raises(Unreadable) as unreadable:
        read(content)

    assert str(unreadable.value) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Line 1: a checklist is a mapping that starts with schema."),
        (b"- a\n- b\n", "Line 1: a checklist is a mapping that starts with schema."),
        (b"schema: a\nkey: \xff\n", "Line 2: this is not UTF-8."),
        (b"schema: a\nkey: \x00\n", "Line 2: a character here cannot stand in YAML."),
        (b'schema: a\nkey: "\\UFFFFFFFF"\n', "Line 2: an escape here names no character."),
        (b"key: [" + b"a," * 10_000 + b"]", "Line 1: the file holds more than 10000 values."),
        (b"#" * 1_048_577, "Line 1: the file is larger than 1 MB."),
    ],
)
def test_what_is_no_yaml_at_all_is_refused(content, said):
    with pytest.raises(Unreadable) as unreadable:
        read(content)

    assert str(unreadable.value) == said


def test_every_fault_of_a_file_is_named_at_once():
    content = changed('weight: "0.1"', "weight: 0.1").replace(b'"1/3"', b"0.3")

    with pytest.raises(Unreadable) as unreadable:
        read(content)

    assert str(unreadable.value) == (
        'Line 34: weight is a float; write it as text, for example "0.1".\n'
        'Line 39: weight is a float; write it as text, for example "0.3".'
    )


def test_a_file_with_hundreds_of_faults_names_the_first_twenty():
    content = "\n".join(f"key_{number}: 0.5" for number in range(300)).encode()

    with pytest.raises(Unreadable) as unreadable:
        read(content)

    assert str(unreadable.value).splitlines()[19:] == [
        'Line 20: key_19 is a float; write it as text, for example "0.5".',
        "And 280 more.",
    ]


def test_comments_and_order_of_keys_do_not_make_another_document():
    one = read(SMALL.encode())
    other = read(
        ("# A comment\n\n" + SMALL.replace("  language: en\n", "") + "\n")
        .replace("  key: small\n", "  language: en\n  key: small\n")
        .encode()
    )

    assert one.content == other.content


def test_a_changed_word_makes_another_document():
    one = read(SMALL.encode())
    other = read(changed("Somebody is on call", "Someone is on call"))

    assert one.content != other.content


@settings(max_examples=300, deadline=1000)
@given(st.integers(0, len(SMALL)), st.integers(0, 40), st.text(max_size=12))
def test_any_other_text_is_read_or_refused_and_never_crashes(start, length, text):
    content = (SMALL[:start] + text + SMALL[start + length :]).encode(errors="surrogatepass")

    with contextlib.suppress(Unreadable):
        read(content)
