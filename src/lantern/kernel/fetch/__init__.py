"""The one door to other people's web servers: every outgoing request a person can cause goes through `fetch`.

A link somebody pastes, a feed, a calendar, a key set: each is an address chosen by a stranger, asked from inside our
network. `fetch` only ever connects to public addresses, and says in plain words why it did not.
"""

from lantern.kernel.fetch.client import Connector, Fetched, Resolver, fetch
from lantern.kernel.fetch.guard import FetchError, FetchFailed, FetchRefused

__all__ = ["Connector", "FetchError", "FetchFailed", "FetchRefused", "Fetched", "Resolver", "fetch"]
