"""A small checklist file, in which every line has its place."""

from readiness.checklists.document.reading import Document, read

SMALL = """\
schema: readiness-template/v1
template:
  key: small
  version: 1.0.0
  title: Small checklist
  purpose: Says what must be true.
  language: en
  licence: ours
facets:
  - {key: serving, title: "How is it served?", type: multi_choice, options: [online, batch]}
  - {key: genai, title: "Does it write?", type: boolean}
roles: {sre: SRE, product: Product manager}
answers:
  - {key: unchecked, title: Not checked, credit: "0"}
  - {key: half, title: Half done, credit: "1/2"}
  - {key: checked, title: Checked, credit: "1"}
scoring:
  measure: share
  aggregate: whole
  bands:
    - {key: delay, title: Delay, outcome: no_go}
    - {key: ready, title: Ready, outcome: go, from: "80/100", from_included: true}
policy: {blockers: gate_decision}
sections:
  - key: rollback
    title: Rollback
    goal: Go back quickly.
    items:
      - key: runbook
        title: A runbook exists
        owner_role: sre
        involves: [product]
        na_allowed: false
        weight: "0.1"
        blocker: always
      - key: switch
        title: A switch exists
        na_allowed: true
        weight: "1/3"
        applies_when: {serving: online}
        blocker: {genai: true}
  - key: team
    title: Team
    items:
      - key: on-call
        title: Somebody is on call
        na_allowed: true
"""


def changed(old: str, new: str) -> bytes:
    """The small checklist with one thing changed."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new).encode()


def small(version: str = "1.0.0", key: str = "small") -> Document:
    text = SMALL.replace("version: 1.0.0", f"version: {version}")
    return read(text.replace("key: small", f"key: {key}").encode())
