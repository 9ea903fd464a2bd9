"""The manual as pages that can be read from disk, and what is wrong with its links."""

import html
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from readiness.embedded.house import ROOT

DOCS, BUILD = ROOT / "docs", ROOT / "build" / "docs"
ORDER = (
    "using",
    "concepts",
    "operations",
    "settings",
    "permissions",
    "history",
    "threat-model",
    "asvs",
)
STYLES = ("tokens.css", "base.css")
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{title} · Readiness</title>
{styles}<link rel="stylesheet" href="manual.css"></head>
<body class="manual"><nav aria-label="Manual">{nav}</nav><main>{body}</main></body></html>
"""
MANUAL = """.manual{max-width:72rem;margin:0 auto;padding:2rem 1rem;display:grid;gap:2rem;
grid-template-columns:minmax(0,1fr)}
.manual nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
.manual main{max-width:46rem;line-height:1.6}
.manual h1,.manual h2,.manual h3{margin:1.6em 0 .5em}.manual p,.manual ul,.manual ol{margin:.6em 0}
.manual ul,.manual ol{padding-left:1.4em;list-style:revert}.manual img{max-width:100%;height:auto}
.manual table{border-collapse:collapse;display:block;overflow-x:auto}
.manual th,.manual td{border-bottom:1px solid #8884;padding:.35em .6em;text-align:left}
.manual pre{overflow-x:auto;padding:.8em;border:1px solid #8884;border-radius:8px}
"""


@dataclass(frozen=True)
class Source:
    """One document: where it is, and what it says in tokens."""

    path: Path
    tokens: list[Token]

    @property
    def name(self) -> str:
        return self.path.relative_to(DOCS).with_suffix("").as_posix()

    @property
    def title(self) -> str:
        for place, token in enumerate(self.tokens):
            if token.type == "heading_open":
                return self.tokens[place + 1].content
        return self.name

    @property
    def anchors(self) -> set[str]:
        opened = [n for n, token in enumerate(self.tokens) if token.type == "heading_open"]
        return {slug(self.tokens[n + 1].content) for n in opened}


def write_pages() -> list[str]:
    """Write every document, and say which links lead nowhere."""
    shutil.rmtree(BUILD, ignore_errors=True)
    (BUILD / "decisions").mkdir(parents=True)
    shutil.copytree(DOCS / "pictures", BUILD / "pictures")
    for name in STYLES:
        shutil.copy(ROOT / "static" / "css" / name, BUILD / name)
    (BUILD / "manual.css").write_text(MANUAL)
    reader = MarkdownIt("commonmark").enable("table")
    sources = {
        path: Source(path, reader.parse(path.read_text()))
        for path in [*DOCS.glob("*.md"), *DOCS.glob("decisions/*.md")]
    }
    faults = [fault for one in sources.values() for fault in faults_of(one, sources)]
    for one in sources.values():
        write(one, sources, reader)
    shutil.copy(BUILD / "using.html", BUILD / "index.html")
    print(f"{len(sources)} pages in build/docs.")
    return faults


def write(one: Source, sources: dict[Path, Source], reader: MarkdownIt) -> None:
    up = "../" * (len(Path(one.name).parts) - 1)
    by_name = {source.name: source for source in sources.values()}
    nav = "".join(
        f'<a href="{up}{name}.html">{html.escape(by_name[name].title)}</a>' for name in ORDER
    )
    styles = "".join(f'<link rel="stylesheet" href="{up}{name}">\n' for name in STYLES)
    body = reader.renderer.render(as_pages(one.tokens), reader.options, {})
    page = PAGE.format(title=html.escape(one.title), nav=nav, styles=styles, body=body)
    (BUILD / f"{one.name}.html").write_text(page.replace('"manual.css"', f'"{up}manual.css"'))


def as_pages(tokens: list[Token]) -> list[Token]:
    """Headings get their anchors, and links to documents lead to their pages."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug(tokens[place + 1].content))
        for inner in token.children or []:
            to = str(inner.attrGet("href") or "")
            if inner.type == "link_open" and not re.match(r"[a-z]+:", to):
                inner.attrSet("href", re.sub(r"\.md(#|$)", r".html\1", to))
    return tokens


def faults_of(one: Source, sources: dict[Path, Source]) -> list[str]:
    """Links and pictures of a document that lead nowhere."""
    faults = []
    for token in one.tokens:
        for inner in token.children or []:
            to = str(inner.attrGet("href") or inner.attrGet("src") or "")
            if not to or re.match(r"[a-z]+:", to):
                continue
            file, _, anchor = to.partition("#")
            there = (one.path.parent / file).resolve() if file else one.path
            if not there.exists():
                faults.append(f"{one.name}: {to} is not there.")
            elif anchor and there in sources and anchor not in sources[there].anchors:
                faults.append(f"{one.name}: {to} has no such heading.")
    return faults


def slug(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
