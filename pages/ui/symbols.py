"""Icons with their colour and shape, as HTML for ``st.html``; made of constants only."""

from data.model import ActorKind, Stream
from pages.ui import icons, palette

_CLIPS: dict[icons.Shape, str] = {
    "square": "inset(4% round 12%)",
    "circle": "circle(48%)",
    "shield": "polygon(50% 2%, 94% 14%, 94% 52%, 82% 76%, 50% 98%, 18% 76%, 6% 52%, 6% 14%)",
    "diamond": "polygon(50% 0, 100% 50%, 50% 100%, 0 50%)",
    "hexagon": "polygon(50% 0, 94% 25%, 94% 75%, 50% 100%, 6% 75%, 6% 25%)",
}


def actor_kind(kind: ActorKind) -> str:
    """Return the symbol of a kind of actor, as on the map (decorative: say its name beside)."""
    style = (
        f"background:{palette.ACTOR_KIND[kind]};color:{palette.ON_CATEGORY};"
        f"clip-path:{_CLIPS[icons.ACTOR_SHAPE[kind]]}"
    )
    return _symbol(icons.ACTOR_KIND[kind], style)


def stream(one: Stream) -> str:
    """Return the symbol of a stream (decorative: say its name beside)."""
    style = (
        f"background:{palette.STREAM[one]};color:{palette.ON_CATEGORY};clip-path:{_CLIPS['circle']}"
    )
    return _symbol(icons.STREAM[one], style)


def _symbol(icon: icons.Icon, style: str) -> str:
    return (
        f'<span class="cf-symbol" style="{style}">'
        f'<i class="{icon.css_class}" aria-hidden="true"></i></span>'
    )
