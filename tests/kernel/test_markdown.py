"""People's words never become script, style, frame, handler or a request to somebody else's server."""

from html.parser import HTMLParser

import markdown_it
import nh3
import pytest

from lantern.kernel import markdown
from lantern.kernel.markdown import render
from tests.limits import bounded_work

ALLOWED = {"a": {"href", "title", "rel"}, "ol": {"start"}}
SCHEMES = ("http://", "https://", "mailto:")

RAW = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example>",
    "<script\x00>alert(1)</script>",
    "<script/src=x>",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<IMG SRC=javascript:alert(1)>",
    "<img src=https://evil.example/p.gif>",
    "<img srcset='https://evil.example/a 1x'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href=javascript:alert(1)>x</a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x/>#x'/></svg>",
    "<math><mtext><style><img src=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=//evil.example>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=//evil.example><input name=p>",
    "<input autofocus onfocus=alert(1)>",
    "<button formaction=javascript:alert(1)>x",
    "<video src=x onerror=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src=//evil.example autoplay>",
    "<details open ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<div style='background:url(//evil.example)'>x</div>",
    "<p style=color:red>x</p>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a onclick=alert(1)>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml <script>alert(1)?>",
    "<!DOCTYPE x [<!ENTITY y '<script>'>]>",
    "<textarea><img src=x onerror=alert(1)>",
    "</p><script>alert(1)</script>",
    "<xmp><p title='</xmp><script>alert(1)</script>'>",
    "<title><img src=x onerror=alert(1)></title>",
    "<plaintext>",
    "<frameset><frame src=javascript:alert(1)>",
    "<portal src=//evil.example>",
    "<x-tag onclick=alert(1)>x</x-tag>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<isindex action=javascript:x>",
    "<a id=x name=y class=z>x</a>",
    "\u0000<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
]
MARKUP = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61vascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]( javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](//evil.example/p)",
    "[x](/logout)",
    "[x](#top)",
    "[x](blob:https://evil.example/1)",
    "[x](tel:1)",
    "[x](ftp://evil.example/)",
    "[x](view-source:javascript:1)",
    "[x](https://e.org 'onmouseover=alert(1)')",
    '[x](https://e.org "\\" onx=1 y=\\"")',
    '[x](https://e.org" onclick="alert(1))',
    "![x](https://evil.example/pixel.gif)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://e.org/x)',
    "![<script>alert(1)</script>](https://e.org/x)",
    "![x][r]\n\n[r]: //evil.example",
    "[![x](https://evil.example/a)](https://e.org)",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[r]\n\n[r]: data:text/html,x",
    "<javascript:alert(1)>",
    '<https://e.org/?"onclick=alert(1)>',
    "<vbscript:x>",
    "<mailto:a@e.org?body=<script>>",
    "```<script>\nalert(1)\n```",
    '```js" onclick="x\n<script>alert(1)</script>\n```',
    "`<img src=x onerror=alert(1)>`",
    "    <script>alert(1)</script>",
    "|<script>|\n|-|\n|<img src=x onerror=1>|",
    "# <script>alert(1)</script>",
    "> <iframe src=//evil.example>",
    "- <svg onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "*<script>*alert(1)*</script>*",
    "[a](https://e.org/<script>)",
    "1. x\n<script>",
    "x\n===\n<script>",
    "~~<script>~~",
    "99999. x",
]


class Witness(HTMLParser):
    """Notes everything in rendered HTML that is not on the reviewed list."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in markdown._TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in ALLOWED.get(tag, set()) or (name == "href" and not (value or "").startswith(SCHEMES)):
                self.wrong.append(f"{tag} {name}={value}")
        if tag == "a" and "href" in dict(attrs) and dict(attrs).get("rel") != "nofollow noopener noreferrer":
            self.wrong.append("a without rel")

    def handle_comment(self, data):
        self.wrong.append(f"comment {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def wrongs(html: str) -> list[str]:
    witness = Witness()
    witness.feed(html)
    witness.close()
    return witness.wrong


@pytest.mark.parametrize("vector", RAW + MARKUP)
def test_no_vector_becomes_more_than_words_and_honest_links(vector):
    for text in (vector, f"before {vector} after", f"> - {vector}\n\n**x** {vector}"):
        assert wrongs(render(text)) == []


@pytest.mark.parametrize("vector", RAW[:59])
def test_the_second_guard_holds_where_the_first_is_off(vector, monkeypatch):
    monkeypatch.setattr(markdown, "_MARKDOWN", markdown_it.MarkdownIt("commonmark", {"html": True}))
    assert wrongs(render(vector)) == []


def test_control_with_both_guards_off_the_witness_sees_it(monkeypatch):
    monkeypatch.setattr(markdown, "_MARKDOWN", markdown_it.MarkdownIt("commonmark", {"html": True}))
    monkeypatch.setattr(nh3, "clean", lambda html, **options: html)
    seen = [vector for vector in RAW if wrongs(render(vector))]
    assert len(seen) > 45


def test_honest_markdown_reads_as_written():
    html = render("# Plan\n\n1. *read* **this**\n2. [ask](https://e.org 'x')\n\n|a|b|\n|-|-|\n|1|2|\n\n`x<y` ~~old~~")
    assert '<a href="https://e.org" title="x" rel="nofollow noopener noreferrer">ask</a>' in html
    for part in ("<h3>Plan</h3>", "<em>read</em>", "<strong>this</strong>", "<td>1</td>", "<code>x&lt;y</code>"):
        assert part in html
    assert "<s>old</s>" in html
    assert "mailto:a@e.org" in render("<a@e.org>")


def test_a_picture_becomes_a_link_so_that_reading_tells_nobody():
    html = render("![our *class*](https://e.org/p.png)")
    assert "<img" not in html
    assert '<a href="https://e.org/p.png" rel="nofollow noopener noreferrer">our *class*</a>' in html


@pytest.mark.parametrize(
    "text",
    [
        "[" * 60_000,
        "[a](" * 20_000,
        "![" * 20_000 + "a" + "](x)" * 20_000,
        ">" * 60_000,
        "> " * 30_000,
        "*a " * 20_000,
        "**a" * 20_000,
        "_*" * 30_000,
        "<" * 60_000,
        "&" * 60_000,
        "\\" * 60_000,
        "".join("`" * n + " " for n in range(300)),
        "- " * 30_000,
        "".join("  " * n + "- a\n" for n in range(220)),
        "|a" * 20_000 + "\n" + "|-" * 5_000,
        "~~a" * 20_000,
        "|" + "a|" * 100 + "\n|" + "-|" * 100 + "\n" + "||\n" * 15_000,
        "[a]: b\n" * 8_000,
        "<!--" * 15_000,
        "a\n" * 30_000,
    ],
)
def test_no_text_takes_long(text):
    with bounded_work(20):
        html = render(text)
    assert wrongs(html) == []


def test_overlong_text_is_cut_not_refused():
    assert render("x" * 60_000).endswith("…</p>\n")
