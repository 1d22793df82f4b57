"""Where phones find the participants' page: the address behind the QR code."""

import http.client
import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import Final

import streamlit as st

from data.settings import Settings, read_settings

SIGN: Final = "/atelier/telephones"
"""Answered 204 by the listener for phones, and by nothing else."""

_UNSENT: Final = ("192.0.2.1", "10.255.255.255", "192.168.255.255", "172.31.255.255")
"""Asking the system how it would reach these sends nothing: no internet is needed."""
_FRESH_S: Final = 5.0
_PATIENCE_S: Final = 0.3

_seen: dict[int, tuple[float, bool]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """How phones come in.

    Attributes:
        base_url: without a final slash.
        reachable: whether phones of the local network can open it, as far as can be told here.
        advice: what to do when they cannot, in French; empty otherwise.
    """

    base_url: str
    reachable: bool
    advice: str = ""


def workshop_url(code: str, settings: Settings | None = None) -> str:
    """Give the address that participants open, for a link or a QR code."""
    return f"{entrance(settings).base_url}/atelier/{code}"


def entrance(settings: Settings | None = None) -> Entrance:
    """Find how phones come in: the public address, the phones' listener, or the whole server."""
    settings = settings or read_settings()
    if settings.public_url:
        return Entrance(base_url=settings.public_url, reachable=True)
    address = lan_address()
    if address and phones_listen(settings.phone_port):
        return Entrance(base_url=f"http://{address}:{settings.phone_port}", reachable=True)
    port = int(st.get_option("server.port") or 8501)
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    host = str(st.get_option("server.address") or "0.0.0.0")  # noqa: S104 – Streamlit's default
    if not is_loopback(host) and address:
        return Entrance(base_url=f"{scheme}://{address}:{port}", reachable=True)
    advice = (
        "Les téléphones de la salle ne peuvent pas encore joindre cet ordinateur. Lancez à côté "
        "« .venv/bin/python -m pages.routes.workshop_server », qui n’ouvre que la page des "
        "participants."
        if address
        else "Cet ordinateur n’est relié à aucun réseau local : branchez-le au Wi-Fi de la salle."
    )
    return Entrance(base_url=f"{scheme}://localhost:{port}", reachable=False, advice=advice)


def lan_address() -> str | None:
    """Give this machine's IPv4 address on the local network, or ``None`` without one."""
    for target in _UNSENT:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((target, 9))
            except OSError:
                continue
            found = str(probe.getsockname()[0])
            if not is_loopback(found):
                return found
    try:
        named = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return None
    return next((str(a[4][0]) for a in named if not is_loopback(str(a[4][0]))), None)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach ``host``."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def phones_listen(port: int) -> bool:
    """Tell whether the phones' listener answers on this machine (asked every five seconds)."""
    when, answer = _seen.get(port, (-_FRESH_S, False))
    now = time.monotonic()
    if now - when >= _FRESH_S:
        answer = _answers(port)
        _seen[port] = (now, answer)
    return answer


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    try:
        connection.request("GET", SIGN)
        return connection.getresponse().status == http.HTTPStatus.NO_CONTENT
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
