"""« Suivi »: the board by columns of the chain, the same as a table, the agenda to take away."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.exchange.tables import Sheet, csv_bytes, xlsx_bytes
from data.french import NNBSP, number
from data.model import Synergy
from data.synergies import CHAIN, OUT, calendar, last_sign, next_status, reason_needed
from data.synergies.agenda import MEDIA_TYPE
from pages.synergies_parts import actions, filters, pieces, state, typed_form
from pages.synergies_parts.view import View
from pages.ui import chrome, escape, icons, wording

_MOST: Final = 15
_PROJECTED: Final = 5
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOARD, _TABLE = "Colonnes", "Tableau"


def draw(view: View) -> None:
    """Draw the follow-up."""
    if chrome.presenting():
        _columns(view, view.synergies, buttons=False)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shape = st.segmented_control(
            "Présentation",
            [_BOARD, _TABLE],
            default=_BOARD,
            required=True,
            key="forme",
            label_visibility="collapsed",
            bind="query-params",
        )
        with st.popover("Nouvelle synergie", icon=":material/add:", key="synergies-new"):
            typed_form.draw(view)
        st.button(
            "Projeter",
            icon=icons.MATERIAL_SCREEN,
            key="synergies-present",
            on_click=chrome.set_presenting,
            kwargs={"wanted": True},
            help="Plein écran, sans boutons ni rien de confidentiel",
        )
    if not view.synergies:
        st.info(
            "Rien à suivre dans cette vue. Suivez une proposition, gardez une idée d’atelier, ou "
            "saisissez une synergie.",
            icon=":material/info:",
        )
        return
    kept = filters.draw(view)
    count = len(kept)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{number(count)} {wording.plural(count, 'synergie')}**"
            + (f" sur {number(len(view.synergies))}" if count != len(view.synergies) else ""),
            width="content",
        )
        _downloads(view, kept)
    if not kept:
        st.info("Aucune synergie avec ces filtres.", icon=icons.MATERIAL_FILTER)
        return
    if shape == _TABLE:
        _table(view, kept)
    else:
        _columns(view, kept, buttons=True)


def _columns(view: View, kept: Sequence[Synergy], *, buttons: bool) -> None:
    by_status = {
        status: sorted(
            (s for s in kept if s.status is status), key=partial(_urgency, view), reverse=False
        )
        for status in (*CHAIN, *OUT)
    }
    with st.container(key="synergies-board" if buttons else "synergies-projected"):
        for column, status in zip(st.columns(len(CHAIN), gap="small"), CHAIN, strict=True):
            with column:
                _column(view, status.value, by_status[status], buttons=buttons)
    out = [status for status in OUT if by_status[status]]
    if out:
        st.markdown("**Sorties de la chaîne**")
        for column, status in zip(st.columns(2), out, strict=False):
            with column:
                _column(view, status.value, by_status[status], buttons=buttons)


def _urgency(view: View, synergy: Synergy) -> tuple[str, str, str]:
    day = synergy.next_step_day or "9999"
    return day, last_sign(synergy, view.notes.get(synergy.id, ())), synergy.id


def _column(view: View, name: str, found: Sequence[Synergy], *, buttons: bool) -> None:
    status = next(one for one in (*CHAIN, *OUT) if one.value == name)
    st.markdown(f"**{number(len(found))}** {pieces.status_badge(status)}")
    most = _MOST if buttons else _PROJECTED
    for synergy in found[:most]:
        with st.container(border=True, key=f"synergies-tile-{synergy.id}"):
            _card(view, synergy, buttons=buttons)
    if len(found) > most:
        more = f"{NNBSP}: filtrez, ou voyez le tableau." if buttons else "."
        st.caption(f"Et {number(len(found) - most)} autres{more}")
    if not found:
        st.caption("–")


def _card(view: View, synergy: Synergy, *, buttons: bool) -> None:
    title, step = f"**{escape.markdown(synergy.title)}**", pieces.next_step(synergy)
    if not buttons:
        st.markdown("  \n".join(filter(None, (title, step))))
        return
    lines = [
        title,
        pieces.parties(view, synergy),
        pieces.about(view, synergy),
        step,
        f":gray[{escape.markdown(synergy.reason)}]" if synergy.reason else "",
    ]
    st.markdown("  \n".join(filter(None, lines)))
    status = next_status(synergy)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Ouvrir",
            key=f"synergies-card-open-{synergy.id}",
            type="tertiary",
            help=f"Ouvrir «\u00a0{escape.markdown(synergy.title)}\u00a0»",
            on_click=state.open_synergy,
            args=(synergy.id,),
        )
        if status is not None and not reason_needed(synergy, status):
            name = wording.SYNERGY_STATUS[status]
            st.button(
                name,
                icon=":material/arrow_forward:",
                key=f"synergies-card-push-{synergy.id}",
                help=f"Passer à «\u00a0{name.lower()}\u00a0»",
                on_click=actions.push,
                args=(synergy, status),
            )


def rows(view: View, kept: Sequence[Synergy]) -> list[dict[str, Any]]:
    """Return one line a synergy, for the table and for files."""
    epcis = {code: epci.short_name for code, epci in view.snapshot.epci.items()}
    lines = []
    for synergy in kept:
        resource = view.snapshot.resource.get(synergy.resource_id or "")
        mass, margin = synergy.mass_t_per_year, synergy.mass_uncertainty
        lines.append(
            {
                "Synergie": synergy.title,
                "Statut": wording.SYNERGY_STATUS[synergy.status],
                "Type": wording.SYNERGY_KIND[synergy.kind],
                "Parties": ", ".join(view.names.get(p.actor_id, "?") for p in synergy.parties),
                "EPCI": ", ".join(sorted(epcis.get(c, c) for c in view.epcis[synergy.id])),
                "Ressource": resource.name if resource else "",
                "t/an": mass,
                "Incertitude (%)": None if margin is None else round(100 * margin, 1),
                "Fiabilité": wording.RELIABILITY[synergy.reliability] if mass is not None else "",
                "Responsable": synergy.owner,
                "Prochaine étape": synergy.next_step,
                "Échéance": synergy.next_step_day or None,
                "Dernier signe": last_sign(synergy, view.notes.get(synergy.id, ())) or None,
                "Motif": synergy.reason,
                "Visibilité": wording.VISIBILITY[synergy.visibility],
            }
        )
    return lines


def _table(view: View, kept: Sequence[Synergy]) -> None:
    frame = pd.DataFrame(rows(view, kept))
    for name in ("Échéance", "Dernier signe"):
        frame[name] = pd.to_datetime(frame[name])
    ids = [synergy.id for synergy in kept]
    key = f"synergies-table-{hash(tuple(ids)) & 0xFFFFFF}"
    dates = {
        name: st.column_config.DateColumn(format="DD/MM/YYYY")
        for name in ("Échéance", "Dernier signe")
    }
    numbers = {
        name: st.column_config.NumberColumn(format="localized")
        for name in ("t/an", "Incertitude (%)")
    }
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        height=min(560, 36 * (len(frame) + 1) + 3),
        on_select=partial(_open_row, key, ids),
        selection_mode="single-row",
        column_config={**dates, **numbers},
        placeholder="–",
        alt="Tableau des synergies suivies",
    )
    st.caption("Choisissez une ligne pour ouvrir sa fiche.")


def _open_row(key: str, ids: Sequence[str]) -> None:
    chosen = st.session_state[key]["selection"]["rows"]
    if chosen and chosen[0] < len(ids):
        state.open_synergy(ids[chosen[0]])


def _downloads(view: View, kept: Sequence[Synergy]) -> None:
    dated = sum(bool(synergy.next_step_day) for synergy in kept)

    lines = tuple(rows(view, kept))
    columns = tuple(lines[0]) if lines else ()
    st.download_button(
        f"Agenda ({number(dated)})",
        lambda: calendar(kept, view.names, made_at=datetime.now(UTC)),
        file_name="cartoflux-synergies.ics",
        mime=MEDIA_TYPE,
        icon=":material/calendar_add_on:",
        key="synergies-ics",
        on_click="ignore",
        disabled=not dated,
        help="Les prochaines étapes datées, pour n’importe quel agenda (iCalendar). Importer de "
        "nouveau met à jour, sans doublon.",
    )
    st.download_button(
        "XLSX",
        lambda: xlsx_bytes([Sheet("Synergies", columns, lines)]),
        file_name="synergies.xlsx",
        mime=_XLSX,
        icon=icons.MATERIAL_DOWNLOAD,
        key="synergies-xlsx",
        on_click="ignore",
        disabled=not kept,
    )
    st.download_button(
        "CSV",
        lambda: csv_bytes(lines, columns),
        file_name="synergies.csv",
        mime="text/csv",
        icon=icons.MATERIAL_DOWNLOAD,
        key="synergies-csv",
        on_click="ignore",
        disabled=not kept,
    )
