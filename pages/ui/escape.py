"""The one place where text becomes HTML or Markdown."""

import html as _html
import json
import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=])")

Json = Mapping[str, "Json"] | Sequence["Json"] | str | float | bool | None


def html(text: object) -> str:
    """Return ``text`` as HTML that shows it literally, quotes included (usable in attributes)."""
    return _html.escape(str(text), quote=True)


def markdown(text: object) -> str:
    """Return ``text`` as Markdown that shows it literally on one line.

    Streamlit reads directives such as ``:red[…]``, ``$maths$`` and ``:icon:`` in every label.
    """
    # The fixed blanks of French typography stay; every other blank, line ends first, is a space.
    return _MARKDOWN.sub(r"\\\1", _BLANKS.sub(" ", str(text)).strip())


def script(value: Json) -> str:
    """Return ``value`` as compact JSON safe inside a ``<script>`` element or ``eval``.

    Only ASCII comes out; ``< > & '`` are written as escapes, and ``{{`` is broken up because
    folium and streamlit-folium both look for template expressions in the script.
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for character in "<>&'":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.replace("{{", "{\\u007b")


def link(url: str) -> str | None:
    """Return ``url`` when it is a plain web address, else ``None`` (never ``javascript:``)."""
    candidate = url.strip()
    try:
        parts = urlsplit(candidate)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return candidate
