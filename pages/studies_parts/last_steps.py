"""Steps 3 and 4: the difficulties heard, then a last look before the flows go on the map."""

import streamlit as st

from data.exchange import study_lines
from data.french import NNBSP, date, number, tidy
from data.model import Difficulty
from pages.data_parts.session import directory
from pages.studies_parts import flow_step, opened
from pages.studies_parts.opened import Opened
from pages.ui import escape, wording
from pages.ui.session import get_figures


def draw_difficulties(held: Opened) -> None:
    """Draw step 3."""
    study, key = held.study, held.prefix
    assert study is not None  # noqa: S101 (this step comes after the first)
    st.pills(
        "Difficultés entendues",
        list(Difficulty),
        selection_mode="multi",
        default=list(study.difficulties),
        format_func=wording.DIFFICULTY.__getitem__,
        key=f"{key}difficulties",
    )
    st.text_input(
        "Autre difficulté, avec ses mots",
        value=study.other_difficulties,
        key=f"{key}other",
        max_chars=1000,
    )
    st.text_area(
        "Notes de visite",
        value=study.notes,
        key=f"{key}notes",
        max_chars=5000,
        height=120,
        placeholder="Projets, envies, personnes à rappeler (sans données sensibles)…",
    )


def leave_difficulties(held: Opened) -> dict[str, object]:
    """What step 3 holds, to be saved (in a widget callback)."""
    key, state = held.prefix, st.session_state
    if f"{key}notes" not in state:
        return {}
    return {
        "difficulties": tuple(Difficulty(one) for one in state.get(f"{key}difficulties") or ()),
        "other_difficulties": str(state.get(f"{key}other") or "").strip(),
        "notes": str(state.get(f"{key}notes") or "").strip(),
    }


def draw_review(held: Opened) -> None:
    """Draw step 4."""
    study = held.study
    assert study is not None  # noqa: S101 (this step comes after the first)
    where = directory()
    stored = opened.flows_of(study)
    result = study_lines.finish(study, held.lines, where, stored)
    by = f", par {escape.markdown(study.surveyor)}" if study.surveyor else ""
    st.markdown(f"**{escape.markdown(opened.actor_name(study))}**, le {date(study.day)}{by}")
    if not held.lines:
        st.info(
            "Aucun flux : l’étude gardera ses difficultés et ses notes.", icon=":material/info:"
        )
    wrong = {error.row for error in result.errors}
    for place, line in enumerate(held.lines):
        if line.get(study_lines.REMOVED):
            st.markdown(f"~~{place + 1}. {escape.markdown(study_lines.title(line, where))}~~")
            continue
        mark = ":red[:material/error:]" if place + 1 in wrong else ":green[:material/check:]"
        st.markdown(
            f"{mark} **{place + 1}. {escape.markdown(study_lines.title(line, where))}** · "
            f"{line.get('direction', '')} · {escape.markdown(study_lines.amount(line))}  \n"
            f"{escape.markdown(study_lines.weight(line, where, get_figures()))}"
        )
    said = [wording.DIFFICULTY[one] for one in study.difficulties]
    if study.other_difficulties:
        said.append(escape.markdown(study.other_difficulties))
    st.markdown(f"Difficultés{NNBSP}: {', '.join(said) or 'aucune notée'}.")
    if study.notes:
        st.markdown(f"Notes{NNBSP}: {escape.markdown(study.notes)}")
    if result.errors:
        count = len(result.errors)
        sentences = "\n".join(
            f"- {escape.markdown(_as_flow(error.message))}" for error in result.errors
        )
        lead = tidy(
            f"{number(count)} {wording.plural(count, 'point')} à compléter avant de valider. Le "
            "brouillon garde tout."
        )
        st.error(f"{lead}\n\n{sentences}", icon=":material/error:")
        with st.container(horizontal=True):
            for row in sorted(one for one in wrong if one):
                st.button(
                    f"Corriger le flux n° {row}",
                    key=f"{held.prefix}fix-{row}",
                    icon=":material/edit:",
                    on_click=flow_step.fix,
                    args=(held, row - 1),
                )


def _as_flow(message: str) -> str:
    """A sentence about a line of the file, said of a flow of the form."""
    return message.replace("Ligne ", "Flux n° ", 1).replace("colonne ", "", 1)
