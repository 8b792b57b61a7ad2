"""Browsers and machines in the words people use, from what a browser says about itself."""

from lantern.ui.rendering import register

# Most browsers also name the ones they grew from, so the more particular name comes first.
_BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung browser"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_MACHINES = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "an Android device"), ("CrOS", "a Chromebook"),
    ("Windows", "Windows"), ("Mac OS X", "a Mac"), ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def browser_words(user_agent: str) -> str:
    """Return "Firefox on Windows" and the like; "A browser" where nothing is known."""
    browser = next((word for sign, word in _BROWSERS if sign in user_agent), "A browser")
    machine = next((word for sign, word in _MACHINES if sign in user_agent), "")
    return f"{browser} on {machine}" if machine else browser
