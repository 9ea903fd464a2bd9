"""What people write in Markdown: drawn as they mean it, and harmless whatever they mean."""

import re
from html.parser import HTMLParser

import pytest

from readiness.web.markdown import LONGEST, drawn, mentioned_in, plain

SAFE_TAGS = {
    "a", "blockquote", "br", "code", "em", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
REL = 'rel="nofollow noopener noreferrer"'
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>body{display:none}</style>",
    "<form action=/x><input name=csrf><button>Go</button></form>",
    "<!-- <script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/a)",
    "[x](/\\evil.example)",
    '[x](https://a.example/"onmouseover=alert(1)//)',
    '[x](https://a.example "a\\" onmouseover=alert(1)")',
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<https://a.example/><script>alert(1)</script>",
    'https://a.example/"><script>alert(1)</script>',
    "https://a.example/'onmouseover='alert(1)",
    "![x](https://evil.example/track.png)",
    "![x](javascript:alert(1))",
    "![x][y]\n\n[y]: https://evil.example/track.png",
    "```<script>\nalert(1)\n```",
    '```html" onload=alert(1)\n<b>\n```',
    "`<script>alert(1)</script>`",
    "# <script>alert(1)</script>",
    "|<script>|\n|-|\n|<img src=x onerror=alert(1)>|",
    "- [ ] <input onfocus=alert(1) autofocus>",
    "@<script>alert(1)</script>",
    "@Ann<img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u2028<script>alert(1)</script>",
    ">" * 500 + "x",
    "[" * 2_000 + "x" + "]" * 2_000,
    "*a " * 3_000,
]


class Seen(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", ATTACKS)
def test_no_attack_comes_through(text):
    html = drawn(text, ("Ann",))

    for tag, said in Seen(html).tags:
        assert tag in SAFE_TAGS
        assert set(said) <= {"a": {"href", "rel"}, "span": {"class"}, "ol": {"start"}}.get(
            tag, set()
        )
        assert re.match(r"https?://|mailto:|/(?![/\\])", said.get("href", "https://"))
        assert said.get("class", "mention") == "mention"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Run 2** of _three_", "<p><strong>Run 2</strong> of <em>three</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("# Result\n## Detail", "<h4>Result</h4>\n<h5>Detail</h5>"),
        ("#### a\n###### b", "<h6>a</h6>\n<h6>b</h6>"),
        ("~~1.4~~ 1.7", "<p><s>1.4</s> 1.7</p>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("`x < y`", "<p><code>x &lt; y</code></p>"),
        ("a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>"),
        ("[run](https://a.example/7)", f'<p><a href="https://a.example/7" {REL}>run</a></p>'),
        ("[it](/launches/7/)", f'<p><a href="/launches/7/" {REL}>it</a></p>'),
        (
            "See https://a.test/7?a=1&b=2.",
            f'<p>See <a href="https://a.test/7?a=1&amp;b=2" {REL}>https://a.test/7?a=1&amp;b=2</a>.</p>',
        ),
        (
            "(https://a.example/7)",
            f'<p>(<a href="https://a.example/7" {REL}>https://a.example/7</a>)</p>',
        ),
        ("`https://a.example`", "<p><code>https://a.example</code></p>"),
        ("http:// and https", "<p>http:// and https</p>"),
    ],
)
def test_text_is_drawn_as_it_is_meant(text, html):
    assert drawn(text).strip() == html


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ann Ash, look", {"ann ash"}),
        ("@ann look", {"ann"}),
        ("(@ANN)", {"ann"}),
        ("@annabel look", set()),
        ("mail x@ann now", set()),
        ("`@ann`", set()),
        ("```\n@ann\n```", set()),
        ("**@ann** and @ben.", {"ann", "ben"}),
        ("@ann’s run", {"ann"}),
    ],
)
def test_a_name_behind_an_at_sign_is_a_mention_where_it_stands_alone(text, found):
    assert mentioned_in(text, {"ann ash": 1, "ann": 2, "ben": 3}) == found


def test_a_mention_is_marked_with_the_words_that_were_typed():
    assert drawn("@ann ash, @Ben?", ("Ann Ash",)).strip() == (
        '<p><span class="mention">@ann ash</span>, @Ben?</p>'
    )


def test_a_list_shows_the_words_without_the_marks():
    assert plain("# Run **2**\n- of [three](https://a.example)\n\n`x`", 60) == "Run 2 of three x"
    assert plain("word " * 40, 20) == "word word word word…"


def test_no_more_is_read_than_anybody_writes():
    assert len(drawn("a" * (LONGEST + 5))) == LONGEST + len("<p></p>\n")
