"""Text that people write, as safe HTML: the only way from a person's words to markup."""

import re
from collections.abc import Sequence

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

MAX_LENGTH = 50_000
MAX_NESTING = 20
_SCHEMES = {"http", "https", "mailto"}
_WHOLE = re.compile(r"https?://[^/\\]|mailto:", re.IGNORECASE)
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href", "title"}, "ol": {"start"}}
_REMOVED_WITH_CONTENT = {"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math"}


def render(text: str) -> SafeString:
    """Turn Markdown into HTML that holds no script, style, frame, picture or address other than http, https and mailto.

    Raw HTML stays visible as text; a picture becomes a link to it, so that reading a page tells nobody. Headings start
    at level 3, below the page's own. Text beyond `MAX_LENGTH` characters is cut with an ellipsis. Never raises.
    """
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH] + "…"
    return SafeString(
        nh3.clean(
            _MARKDOWN.render(text),
            tags=_TAGS,
            clean_content_tags=_REMOVED_WITH_CONTENT,
            attributes=_ATTRIBUTES,
            attribute_filter=_whole_addresses,
            url_schemes=_SCHEMES,
            url_relative="deny",
            link_rel="nofollow noopener noreferrer",
            strip_comments=True,
        )
    )


def _whole_addresses(tag: str, name: str, value: str) -> str | None:
    """Let go of an address such as "https:x", which a browser reads as a place on the very site it stands on."""
    return value if name != "href" or _WHOLE.match(value) else None


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"


def _picture_as_link(
    renderer: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    address = str(token.attrGet("src") or "")
    return f'<a href="{escape(address)}">{escape(token.content or address)}</a>'


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.add_render_rule("image", _picture_as_link)
    return parser


_MARKDOWN = _parser()
