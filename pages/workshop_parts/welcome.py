"""The door: address, code and QR for the phones of the room."""

import base64
import io
from functools import lru_cache

import segno
import streamlit as st

from data.model import WorkshopState
from pages.routes.workshop_address import entrance, workshop_url
from pages.ui import chrome, escape
from pages.workshop_parts.hall import Hall


def qr_svg(url: str) -> str:
    """Draw a QR code as SVG, black on white whatever the theme: phones read nothing else well."""
    buffer = io.BytesIO()
    segno.make(url, error="m").save(
        buffer, kind="svg", scale=4, border=2, dark="#000", light="#fff", xmldecl=False, svgns=True
    )
    return buffer.getvalue().decode("utf-8")


@lru_cache(maxsize=8)
def qr_image(url: str) -> str:
    """Give the same as an address that an ``<img>`` takes: Streamlit drops inline SVG."""
    return f"data:image/svg+xml;base64,{base64.b64encode(qr_svg(url).encode()).decode()}"


def draw(hall: Hall, *, large: bool = False) -> None:
    """Draw the address, the code and the QR, or say that the doors are closed."""
    workshop = hall.workshop
    if workshop.state is not WorkshopState.OPEN:
        words = (
            "Les téléphones n’entrent pas encore\u202f: ouvrez l’atelier le moment venu."
            if workshop.state is WorkshopState.PREPARED
            else "L’atelier est terminé\u202f: il ne reçoit plus de fiches."
        )
        st.info(words, icon=":material/lock:")
        return
    url = workshop_url(workshop.code)
    door = entrance()
    if not door.reachable and not chrome.presenting():
        st.warning(escape.markdown(door.advice), icon=":material/wifi_off:")
    code = " ".join(workshop.code)
    st.html(
        f'<div class="cf-door{" cf-door-large" if large else ""}">'
        f'<img class="cf-qr" alt="QR code vers {escape.html(url)}" src="{qr_image(url)}">'
        f'<div><div class="cf-quiet">Sur votre téléphone</div>'
        f'<div class="cf-door-url">{escape.html(url.split("://", 1)[-1])}</div>'
        f'<div class="cf-quiet">Code</div>'
        f'<div class="cf-door-code" aria-label="{escape.html(code)}">'
        f"{escape.html(workshop.code)}</div></div></div>"
    )
