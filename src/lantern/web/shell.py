"""What the frame around each page shows: where one can go, who one is, and a fresh key for each form."""

from typing import Any

from lantern.kernel.ids import uuid7
from lantern.ui.tags.addresses import address
from lantern.web import gate

_NAV = (
    ("home", "home:home", "Home", "house", {gate.EDUCATOR}),
    ("learn", "learn:catalog", "Learn", "compass", {gate.EDUCATOR}),
    ("grow", "grow:overview", "Grow", "sprout", {gate.EDUCATOR}),
    ("portfolio", "portfolio:overview", "Portfolio", "folder-open", {gate.EDUCATOR}),
    ("together", "together:overview", "Together", "users", {gate.EDUCATOR}),
    ("lead", "lead:overview", "Lead", "signpost", {gate.COORDINATOR, gate.SCHOOL_LEADER, gate.OFFICIAL}),
    ("manage", "manage:overview", "Manage", "settings-2", {gate.OPERATOR, gate.COORDINATOR}),
)
_DEMO = "This is a demonstration. Everyone and everything in it is made up, and anyone can sign in as anybody."
_ACCOUNT = (
    ("account:overview", "Your account", "user-round"),
    ("account:privacy", "Who sees what", "lock"),
    ("account:rights", "Your data", "archive"),
    ("home:inbox", "Inbox", "inbox"),
    ("account:comfort", "Comfort", "sun-moon"),
)


def context(request: Any) -> dict[str, Any]:
    """Return what every template may use: nav, account_menu, search_url, actor, demo_banner, theme, idempotency_key."""
    actor = getattr(request, "actor", None)
    shown: dict[str, Any] = {
        "actor": actor,
        "demo_banner": _DEMO if gate.demo_mode() else "",
        "theme": request.COOKIES.get("theme", ""),
        "idempotency_key": str(uuid7()),
        "home_url": address("home:home") if actor else address("public:front"),
    }
    if actor is None:
        return shown
    area = request.path.split("/")[1]
    return shown | {
        "nav": [
            {"label": label, "url": address(name), "current": area == key, "icon": icon}
            for key, name, label, icon, roles in _NAV
            if not actor.roles.isdisjoint(roles)
        ],
        "account_menu": [{"label": label, "url": address(name), "icon": icon} for name, label, icon in _ACCOUNT],
        "account_name": actor.name,
        "account_initials": "".join(word[:1] for word in actor.name.split()[:2]).upper(),
        "sign_out_url": address("account_logout"),
        "search_url": address("learn:catalog"),
        "footer_links": [{"label": "Who sees what", "url": address("account:privacy")}],
    }
