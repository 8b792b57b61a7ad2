"""A browser without JavaScript over Django's test client: it reads a page, fills in the forms that stand there and
sends what such a browser would send, hidden fields, tokens and idempotency keys with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.test import Client

_VOID = frozenset({"input", "img", "br", "hr", "link", "meta", "source", "wbr", "path", "circle", "rect", "line"})
_UNREAD = frozenset({"script", "style", "title", "template"})
_TICKED = frozenset({"checkbox", "radio"})


def squeezed(text: str) -> str:
    """Text as one reads it: every run of white space is one space."""
    return re.sub(r"\s+", " ", text).strip()


@dataclass
class Control:
    """One input, select or textarea: what it is called, what stands in it, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    on: bool = True
    required: bool = False
    options: list[tuple[str, str, bool]] = field(default_factory=list)
    form_id: str = ""


@dataclass
class Button:
    """Something to press: its words, and what it sends along."""

    words: str
    name: str = ""
    value: str = ""
    kind: str = "submit"


@dataclass
class Form:
    """A form as it stands on the page."""

    action: str
    method: str = "get"
    html_id: str = ""
    novalidate: bool = False
    controls: list[Control] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def names(self) -> set[str]:
        """The names of everything one can fill in."""
        return {control.name for control in self.controls if control.kind != "hidden"}

    def choices(self, name: str) -> list[tuple[str, str]]:
        """What may be chosen for a name, as (value, words); words are empty for boxes to tick."""
        found: list[tuple[str, str]] = []
        for control in self.controls:
            if control.name == name:
                options = [(value, words) for value, words, _ in control.options]
                found += options or [(control.value, "")]
        return found

    def filled(self, values: dict[str, Any], pressed: Button | None) -> list[tuple[str, Any]]:
        """What a browser sends: what stands in the form, with `values` put in, and the button that was pressed."""
        unknown = set(values) - {control.name for control in self.controls}
        assert not unknown, f"no field {sorted(unknown)} in the form; there are {sorted(self.names())}"
        pairs: list[tuple[str, Any]] = []
        for control in self.controls:
            pairs += _sent(control, values)
        if not self.novalidate:
            empty = {c.name for c in self.controls if c.required and not any(n == c.name and v for n, v in pairs)}
            assert not empty, f"the browser would ask for {sorted(empty)} first"
        if pressed is not None and pressed.name:
            pairs.append((pressed.name, pressed.value))
        return pairs


def _sent(control: Control, values: dict[str, Any]) -> list[tuple[str, Any]]:
    name = control.name
    if name not in values:
        if control.kind == "select":
            chosen = [value for value, _, on in control.options if on]
            return [(name, value) for value in chosen or [one[0] for one in control.options[:1]]]
        left_out = (control.kind in _TICKED and not control.on) or control.kind == "file"
        return [] if left_out else [(name, control.value)]
    wanted = values[name]
    if control.kind in _TICKED:
        ticked = wanted if isinstance(wanted, list | tuple | set) else [wanted]
        return [(name, control.value)] if control.value in {str(each) for each in ticked} else []
    if control.kind == "select":
        offered = [value for value, _, _ in control.options]
        assert str(wanted) in offered, f"{wanted!r} is not offered for {name}: {control.options}"
        return [(name, str(wanted))]
    return [(name, wanted if control.kind == "file" else str(wanted))]


class _Reader(HTMLParser):
    """Collects the words, the links and the forms of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.loose: list[Control] = []
        self._open: Form | None = None
        self._select: Control | None = None
        self._deep: list[tuple[str, int, dict[str, str]]] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _UNREAD:
            self._unread += 1
        elif tag == "form":
            method, novalidate = given.get("method", "get").lower(), "novalidate" in given
            self._open = Form(given.get("action", ""), method, given.get("id", ""), novalidate)
            self.forms.append(self._open)
        elif tag in {"a", "button", "option", "textarea"}:
            self._deep.append((tag, len(self.words), given))
        if tag == "input":
            self._input(given)
        elif tag == "select":
            self._select = Control(given.get("name", ""), "select", required="required" in given)
            self._keep(self._select, given)
        if tag not in {"a", "b", "strong", "em", "span", "mark", "q"}:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread -= 1
        elif tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif self._deep and self._deep[-1][0] == tag:
            _, start, given = self._deep.pop()
            self._closed(tag, "".join(self.words[start:]), given)
        if tag not in {"a", "b", "strong", "em", "span", "mark", "q"}:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.words.append(data)

    def _closed(self, tag: str, raw: str, given: dict[str, str]) -> None:
        text = squeezed(raw)
        if tag == "a":
            self.links.append((text, given.get("href", "")))
        elif tag == "option" and self._select is not None:
            self._select.options.append((given.get("value", text), text, "selected" in given))
        elif tag == "textarea" and "disabled" not in given:
            written = raw.removeprefix("\n")
            self._keep(Control(given.get("name", ""), "text", written.strip(), required="required" in given), given)
        elif tag == "button" and "disabled" not in given:
            button = Button(text, given.get("name", ""), given.get("value", ""), given.get("type", "submit"))
            home = self._home(given)
            if home is not None and button.kind == "submit":
                home.buttons.append(button)

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower()
        if kind in {"submit", "button", "image", "reset"} or "disabled" in given:
            return
        ticked = kind in _TICKED
        value = given.get("value", "on" if ticked else "")
        kind = kind if ticked or kind in {"hidden", "file"} else "text"
        on = "checked" in given if ticked else True
        self._keep(Control(given.get("name", ""), kind, value, on, "required" in given), given)

    def _keep(self, control: Control, given: dict[str, str]) -> None:
        if not control.name:
            return
        control.form_id = given.get("form", "")
        if control.form_id:
            self.loose.append(control)
        elif self._open is not None:
            self._open.controls.append(control)

    def _home(self, given: dict[str, str]) -> Form | None:
        wanted = given.get("form")
        return next((form for form in self.forms if form.html_id == wanted), None) if wanted else self._open

    def close(self) -> None:
        super().close()
        for control in self.loose:
            for form in self.forms:
                if form.html_id == control.form_id:
                    form.controls.append(control)


@dataclass
class Screen:
    """What came back: the page that is open now."""

    browser: Browser
    path: str
    status: int
    html: str
    content: bytes
    headers: Any

    def __post_init__(self) -> None:
        reader = _Reader()
        reader.feed(self.html)
        reader.close()
        self.text = squeezed("".join(reader.words))
        self.links = reader.links
        self.forms = reader.forms
        keys = [c.value for form in self.forms for c in form.controls if c.name == "idempotency_key"]
        assert all(8 <= len(key) <= 64 for key in keys), f"a key on {self.path} is too long to be taken: {keys}"
        assert len(set(keys)) == len(keys), f"two forms on {self.path} share a key: {sorted(keys)}"

    def says(self, *words: str) -> Screen:
        """Insist that all these words can be read here."""
        for each in words:
            assert each in self.text, f"“{each}” is not on {self.path} ({self.status}): {self.text}"
        return self

    def silent(self, *words: str) -> Screen:
        """Insist that none of these words is anywhere in the answer, not even in its source."""
        for each in words:
            assert each not in self.html, f"“{each}” is on {self.path}"
        return self

    def link(self, words: str) -> str:
        """The address behind the first link that holds these words."""
        found = [href for text, href in self.links if words in text]
        assert found, f"no link “{words}” on {self.path}: {[text for text, _ in self.links]}"
        return found[0]

    def go(self, words: str) -> Screen:
        """Follow the link with these words."""
        return self.browser.open(urljoin(self.path, self.link(words)))

    def find(self, words: str, about: str = "") -> tuple[Form, Button]:
        """The form and its button with these words; `about` tells apart buttons that say the same."""
        found = [
            (form, button)
            for form in self.forms
            for button in form.buttons
            if button.words.startswith(words) and about in button.words
        ]
        exact = [pair for pair in found if pair[1].words == words]
        found = exact if len(exact) == 1 else found
        known = [button.words for form in self.forms for button in form.buttons]
        assert len(found) == 1, f"{len(found)} buttons “{words}” on {self.path}; there are {known}"
        return found[0]

    def press(self, words: str, about: str = "", /, **values: Any) -> Screen:
        """Fill in the form of a button and press it."""
        form, button = self.find(words, about)
        return self.browser.send(form, self.path, form.filled(values, button))

    def press_twice(self, words: str, about: str = "", /, **values: Any) -> Screen:
        """Press a button twice, as an impatient finger does: the same form, with the same keys, is sent two times."""
        form, button = self.find(words, about)
        pairs = form.filled(values, button)
        where, body = self.browser.letter(form, self.path, pairs)
        for value in body.values():
            assert not hasattr(value, "read"), "a file is read once; send it with press"
        first, second = self.browser.client.post(where, body), self.browser.client.post(where, body)
        answers = [(answer.status_code, answer.headers.get("Location")) for answer in (first, second)]
        assert answers[0] == answers[1] and answers[0][0] == 303, answers
        return self.browser.read(second, where)


class Browser:
    """A browser that keeps cookies, checks tokens and follows redirects, and knows no JavaScript."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def open(self, path: str) -> Screen:
        """Go to an address."""
        return self.read(self.client.get(path.partition("#")[0]), path)

    def send(self, form: Form, page: str, pairs: list[tuple[str, Any]]) -> Screen:
        """Send a form that stood on a page."""
        where, body = self.letter(form, page, pairs)
        if form.method == "get":
            return self.open(f"{where.partition('?')[0]}?{urlencode(pairs)}")
        return self.read(self.client.post(where, body), where)

    @staticmethod
    def letter(form: Form, page: str, pairs: list[tuple[str, Any]]) -> tuple[str, dict[str, Any]]:
        """Where a form goes, and its fields as the test client takes them."""
        where = urljoin(page, form.action).partition("#")[0] if form.action else page.partition("#")[0]
        body: dict[str, Any] = {}
        for name, value in pairs:
            body.setdefault(name, []).append(value)
        return where, {name: values[0] if len(values) == 1 else values for name, values in body.items()}

    def forge(self, path: str, page: str, **values: Any) -> Screen:
        """Send what no form of ours would send, with a good token taken from a page."""
        tokens = [c.value for f in self.open(page).forms for c in f.controls if c.name == "csrfmiddlewaretoken"]
        return self.read(self.client.post(path, {"csrfmiddlewaretoken": tokens[0], **values}), path)

    def read(self, answer: Any, path: str) -> Screen:
        """Follow where an answer leads, and read the page there."""
        hops = 0
        while answer.status_code in {302, 303}:
            hops += 1
            assert hops < 8, f"led in circles from {path}"
            path = urljoin(path, answer.headers["Location"])
            answer = self.client.get(path.partition("#")[0])
        assert answer.status_code < 500, f"{path} answered {answer.status_code}"
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        parts = urlsplit(path)
        here = parts.path + (f"?{parts.query}" if parts.query else "")
        return Screen(self, here, answer.status_code, content.decode() if is_page else "", content, answer.headers)
