"""What the page keeps in the session: the person's name, the latest news, the directory."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import streamlit as st

from data.errors import CartofluxError
from data.exchange.directory import Directory
from data.french import NNBSP, quote, tidy
from geo.locate import commune_at, describe_outside
from pages.ui import escape, localtime
from pages.ui.session import Snapshot, get_store, snapshot, who

NEWS = "data-news"
NAME = "data-name"
_TOAST = {True: ":material/check:", False: ":material/error:", None: ":material/info:"}


@dataclass(frozen=True, kw_only=True)
class News:
    """What just happened.

    Attributes:
        good: done, refused, or (``None``) nothing to do.
        undo: the transaction that « Annuler » takes back, if any.
        doubt: something to look at in what was saved.
    """

    text: str
    good: bool | None = True
    undo: int | None = None
    doubt: str = ""


def tell(
    text: str,
    *,
    good: bool | None = True,
    undo: int | None = None,
    doubt: str = "",
    toast: bool = True,
) -> None:
    """Keep a piece of news for the next drawing of the page, and raise it wherever one looks.

    Args:
        text: what happened.
        good: done, refused, or (``None``) nothing to do.
        undo: the transaction that « Annuler » takes back, if any.
        doubt: something to look at in what was saved.
        toast: not on a page that refreshes itself every second: each refresh raises it again,
            and it would never leave.
    """
    st.session_state[NEWS] = News(text=tidy(text), good=good, undo=undo, doubt=tidy(doubt))
    if toast:
        st.toast(escape.markdown(tidy(text)), icon=_TOAST[good])


def tell_error(error: CartofluxError, *, toast: bool = True) -> None:
    """Keep an error's sentence for the next drawing of the page."""
    tell(str(error), good=False, toast=toast)


def draw_news() -> None:
    """Draw the latest news, with « Annuler » when it can be taken back."""
    news: News | None = st.session_state.get(NEWS)
    if news is None:
        return
    with st.container(key="data-news-box"):
        if news.good:
            st.success(escape.markdown(news.text), icon=":material/check:")
        elif news.good is None:
            st.info(escape.markdown(news.text), icon=":material/info:")
        else:
            st.error(escape.markdown(news.text), icon=":material/error:")
        if news.doubt:
            st.warning(escape.markdown(f"À vérifier\u202f: {news.doubt}"), icon=":material/help:")
        with st.container(horizontal=True):
            if news.undo is not None:
                st.button(
                    "Annuler cette action",
                    icon=":material/undo:",
                    key="data-undo",
                    on_click=undo,
                    args=(news.undo,),
                )
            st.button("Masquer ce message", key="data-hide", type="tertiary", on_click=forget_news)


def undo(transaction_id: int) -> None:
    """Take a transaction back, and say so."""
    try:
        done = get_store().undo(transaction_id, who=who())
    except CartofluxError as error:
        tell_error(error)
        return
    # No toast: it would stay for ever on a page that refreshes itself.
    tell("C’est annulé : les fiches sont revenues à leur état d’avant.", undo=done, toast=False)


def forget_news() -> None:
    """Stop showing the latest news: something else is going on."""
    st.session_state.pop(NEWS, None)


def draw_name() -> None:
    """Ask once who is writing: the name goes with each change in the history."""
    named = bool(st.session_state.get("who"))
    label = escape.markdown(who()) if named else "Votre nom"
    with st.popover(label, icon=":material/person:", key="data-who"):
        st.text_input(
            "Votre nom",
            value=who() if named else "",
            key=NAME,
            on_change=_keep_name,
            max_chars=80,
            placeholder="Prénom et nom",
            help="Noté dans l’historique à côté de chaque modification, pour que l’équipe sache "
            f"à qui parler. Sans nom, l’historique écrit {quote(who())}.",
        )


def _keep_name() -> None:
    st.session_state["who"] = " ".join(str(st.session_state.get(NAME) or "").split())


_lock = threading.Lock()
_directories: dict[str, Directory] = {}
_KEPT = 4


def directory(records: Snapshot | None = None) -> Directory:
    """Return the communes, actors and resources of this revision, shared by all sessions."""
    records = records or snapshot()
    with _lock:
        found = _directories.get(records.key)
        if found is None:
            found = _directory(records)
            while len(_directories) >= _KEPT:
                _directories.pop(next(iter(_directories)))
            _directories[records.key] = found
        return found


def _directory(records: Snapshot) -> Directory:
    territory = records.territory

    # Finding a commune costs a fraction of a millisecond, and each row asks twice.
    @lru_cache(maxsize=50_000)
    def here(lon: float, lat: float) -> str | None:
        commune = commune_at(territory, lon, lat) if territory else None
        return commune.code if commune else None

    def outside(lon: float, lat: float) -> str | None:
        if territory is None or here(lon, lat) is not None:
            return None
        return describe_outside(territory, lon, lat)

    return Directory(
        territory=territory,
        actors=records.actors,
        resources=records.resources,
        outside=outside,
        commune_at=here,
    )


def local_time(iso: str) -> datetime:
    """Turn an instant of the history (UTC, ISO 8601) into French legal time."""
    moment = datetime.fromisoformat(iso)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(localtime.PARIS)


def when(iso: str) -> str:
    """Write an instant: « le 23/11/2026 à 8 h 05 »."""
    moment = local_time(iso)
    return f"le {moment:%d/%m/%Y} à {moment.hour}{NNBSP}h{NNBSP}{moment:%M}"
