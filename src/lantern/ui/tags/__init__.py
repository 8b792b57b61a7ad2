"""The components: `{% load ui %}`. Each is a typed function over one template in `templates/ui/parts/`.

A tag refuses attributes it does not know and misses none it needs (TemplateSyntaxError when the page is compiled),
and refuses values outside its list (ValueError when it is rendered). `/ui/` shows them all.
"""

from lantern.ui import browsers, durations
from lantern.ui.rendering import register
from lantern.ui.tags import addresses, cards, charts, forms, navigation, planning, signs, telling, tokens

__all__ = [
    "addresses",
    "browsers",
    "cards",
    "charts",
    "durations",
    "forms",
    "navigation",
    "planning",
    "register",
    "signs",
    "telling",
    "tokens",
]
