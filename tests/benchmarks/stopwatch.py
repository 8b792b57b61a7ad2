"""Where the CPU time of a page goes: each moment is charged to the one account that is open on top.

A wrapped function opens its account, and hands the time back to the one before as soon as it calls what is not its own
(the rest of the middleware, the database, Django's own manager). So nothing is counted twice, and what stands below
"rest" is what the page would cost without any of it. Reading the clock costs too: `nothing` is called amid the page,
where caches are as cold as for what is measured (in a loop of its own it costs a third), and what it took is taken off.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

REST = "rest"
NOTHING = "nothing"


class Stopwatch:
    """CPU seconds by account."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self.open: list[str] = [REST]
        self._nothing = self.charged(lambda: None, NOTHING)
        self._since = time.process_time()

    def start(self) -> None:
        """Begin anew."""
        self.seconds.clear()
        self.calls.clear()
        self._since = time.process_time()

    def stop(self) -> dict[str, float]:
        """Return what each account took since the start, without what the stopwatch itself took of it; under `NOTHING`
        the seconds of one reading of the clock.
        """
        self._charge()
        price = self.seconds.pop(NOTHING, 0.0) / max(1, self.calls.pop(NOTHING, 0))
        left = {account: max(0.0, taken - self.calls[account] * price) for account, taken in self.seconds.items()}
        return left | {NOTHING: price}

    def nothing(self) -> None:
        """Take the time of one reading of the clock, for `stop` to take off all others."""
        self.calls[self.open[-1]] += 1  # it is interrupted for this
        self._nothing()

    def charged(self, function: Callable[..., Any], account: str) -> Callable[..., Any]:
        """Return the function with its time charged to an account."""

        def measured(*args: Any, **kwargs: Any) -> Any:
            self._charge()
            self.open.append(account)
            self.calls[account] += 1
            try:
                return function(*args, **kwargs)
            finally:
                self._charge()
                self.open.pop()

        return measured

    def handed_back(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with its time charged to whoever called the account that is open now."""

        def measured(*args: Any, **kwargs: Any) -> Any:
            self._charge()
            self.calls[self.open[-1]] += 1
            self.open.append(self.open[-2] if len(self.open) > 1 else REST)
            try:
                return function(*args, **kwargs)
            finally:
                self._charge()
                self.open.pop()

        return measured

    def _charge(self) -> None:
        now = time.process_time()
        self.seconds[self.open[-1]] += now - self._since
        self._since = now


def replaced_everywhere(function: Any, by: Any, within: Iterable[str] = ("lantern", "django", "allauth")) -> int:
    """Put `by` in place of a function in each module that knows it by name; return in how many.

    For the rest of the process, as a benchmark has one to itself.
    """
    prefixes, found = tuple(within), 0
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in prefixes:
            continue
        for key, value in list(vars(module).items()):
            if value is function:
                setattr(module, key, by)
                found += 1
    return found


watch = Stopwatch()
_accounts: list[str] = []


def marks(accounts: Iterable[str]) -> list[str]:
    """Return the dotted names of middlewares that stand before each middleware and charge it to its account; the last
    name is for the end of the row and charges the page itself.
    """
    _accounts[:] = [*accounts, REST]
    return [f"{__name__}.mark_{number}" for number in range(len(_accounts))]


def __getattr__(name: str) -> Any:
    """Give the middleware `mark_<number>`, which Django asks for by its name."""
    if not name.startswith("mark_"):
        raise AttributeError(name)
    account = _accounts[int(name.removeprefix("mark_"))]
    return lambda get_response: watch.charged(get_response, account)
