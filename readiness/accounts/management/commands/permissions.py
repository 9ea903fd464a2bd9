"""Print the permission table as docs/permissions.md shows it."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from readiness.accounts.models import Role
from readiness.accounts.pages import PAGES
from readiness.accounts.permissions import ALLOWED, EVERYONE, Action, Relation

WHO: list[Role | Relation] = [*Role, *Relation]
HEAD = """# Who may do what

`python manage.py permissions > docs/permissions.md` writes this page from the tables that the
product asks: `ALLOWED` in `readiness/accounts/permissions.py` and `PAGES` in
`readiness/accounts/pages.py`. One test holds them equal, another asks every page as everyone.

## Acts

A role counts in its team; held for all teams, it counts in each of them. Site admins read
everything, and sign nothing by that.
"""
PAGES_BEGIN = """
## Pages

An address that is not here answers nobody. HEAD is asked as GET is; the page refuses every
other verb.
"""
ANSWERS = """
## Answers, in the order in which they are decided

| answer | when |
| --- | --- |
| to the sign-in page | nobody is signed in, or no longer; htmx gets a 401 that leads there |
| 405 | the page does not know the verb |
| 404 | there is no such thing, or the person may not see it: the two look the same |
| 403 | the person may see it, and may not do this |
| 409 | a role allows it, and something else forbids it now: the answer says what |
| 422 | a form to correct |
"""


class Command(BaseCommand):
    help = "Print the permission table: which roles may do what, and which act each page is."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(document(), ending="")


def document() -> str:
    """The page as a whole."""
    return "".join([HEAD, "\n", *acts(), PAGES_BEGIN, "\n", *pages(), ANSWERS])


def acts() -> Iterator[str]:
    """Which roles and relations allow each act."""
    yield row("", *WHO)
    yield row("---", *[":-:"] * len(WHO))
    for action in Action:
        allowed = WHO if action in EVERYONE else ALLOWED[action]
        yield row(action, *("yes" if one in allowed else "" for one in WHO))


def pages() -> Iterator[str]:
    """Which act each address is, by verb."""
    yield row("address", "name", "GET", "POST")
    yield row(*["---"] * 4)
    for name, address in addresses().items():
        acts_of = PAGES.get(name, {})
        yield row(f"`{address}`", f"`{name}`", acts_of.get("GET", ""), acts_of.get("POST", ""))


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n".replace("|  |", "| |").replace("|  |", "| |")


def addresses() -> dict[str, str]:
    """Every address of the product by its name, as people would write it."""
    return dict(addresses_of(get_resolver()))


def addresses_of(
    resolver: URLResolver, before: str = "/", space: str = ""
) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        here = before + written(str(one.pattern))
        if isinstance(one, URLResolver):
            yield from addresses_of(
                one, here, f"{space}{one.namespace}:" if one.namespace else space
            )
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}", here


def written(pattern: str) -> str:
    """`items/<id:pk>/` as `items/<id>/`; a regular expression without its signs."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern)
    return re.sub(r"<(\w+):\w+>", r"<\1>", plain).replace("<str>", "<token>").strip("^$")
