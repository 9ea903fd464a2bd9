"""Verify the chains of events, or print their heads to keep outside the database."""

import re
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness.audit import queries
from readiness.audit.chain import faults_of

Noted = defaultdict[int, dict[int, str]]
HEAD = re.compile(r"([1-9]\d{0,17}):([1-9]\d{0,17}):([0-9a-f]{64})")


class Command(BaseCommand):
    help = (
        "verify: find events that were edited, removed, reordered or inserted, and with heads "
        "noted earlier also a tail cut off and a whole chain rewritten. heads: print "
        "SUBJECT:SEQUENCE:HASH of every chain, to keep outside the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        verify = acts.add_parser("verify", help="exit 1 with a sentence for each fault")
        verify.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="SUBJECT:SEQUENCE:HASH",
            help="a head noted earlier; may be given several times",
        )
        verify.add_argument("--heads-file", type=Path, help="a file of noted heads, one a line")
        acts.add_parser("heads", help="print the head of every chain")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "heads":
            for head in queries.heads():
                self.stdout.write("{}:{}:{}".format(*head))
        else:
            self._verify(options["head"], options["heads_file"])

    def _verify(self, heads: list[str], file: Path | None) -> None:
        noted = read_heads([*heads, *lines_of(file)])
        chains, events, faults = 0, 0, 0
        for chain in queries.chains():
            chains, events = chains + 1, events + chain.sequence
            for fault in faults_of(
                chain.links,
                head=chain.head,
                sequence=chain.sequence,
                noted=noted.pop(chain.subject, {}),
            ):
                faults += 1
                self.stdout.write(f"Subject {chain.subject} ({chain.kind}): {fault}.")
        for subject in sorted(noted):
            faults += 1
            self.stdout.write(f"Subject {subject}: noted earlier, is gone.")
        if faults:
            raise CommandError(f"{faults} faults in the log.")
        self.stdout.write(f"{events} events in {chains} chains, none changed.")


def lines_of(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        return [line for line in file.read_text().split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as problem:
        raise CommandError(f"{file} cannot be read: {problem}") from problem


def read_heads(lines: Iterable[str]) -> Noted:
    """Noted heads by subject and sequence; several of one subject are all held against it."""
    noted: Noted = defaultdict(dict)
    for line in lines:
        found = HEAD.fullmatch(line.strip())
        if not found:
            raise CommandError(f"{line.strip()!r} is no head: write SUBJECT:SEQUENCE:HASH.")
        subject, sequence = int(found[1]), int(found[2])
        if noted[subject].setdefault(sequence, found[3]) != found[3]:
            raise CommandError(f"Event {sequence} of subject {subject} is noted with two hashes.")
    return noted
