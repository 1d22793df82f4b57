"""All studies, drafts first."""

import streamlit as st

from data.french import NNBSP, date, number, tidy
from data.model import FlowStudy, StudyState
from data.text import fold
from pages.studies_parts import opened
from pages.ui import escape, icons, wording
from pages.ui.session import Snapshot, get_store, snapshot

_MOST = 60


def draw() -> None:
    """Draw the list, with a way to begin."""
    studies = get_store().list(FlowStudy)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Nouvelle étude",
            icon=":material/add:",
            type="primary",
            key="study-new",
            on_click=opened.start,
        )
        text = ""
        if studies:
            text = st.text_input(
                "Rechercher une étude",
                key="study-search",
                type="search",
                live=True,
                icon=icons.MATERIAL_SEARCH,
                placeholder="Acteur, enquêtrice, difficulté…",
                max_chars=100,
                width=300,
            )
    if not studies:
        st.info(
            tidy(
                "Aucune étude pour l’instant. Une étude, c’est une visite : l’acteur, ce qui "
                "entre et sort de chez lui, ses difficultés. Comptez cinq minutes ; le brouillon "
                "s’enregistre à chaque étape."
            ),
            icon=":material/info:",
        )
        return
    records = snapshot()
    words = fold(text or "").split()
    found = [study for study in studies if all(word in _text(study, records) for word in words)]
    found.sort(key=lambda s: s.day, reverse=True)
    found.sort(key=lambda s: s.state is StudyState.FINAL)
    drafts = sum(study.state is StudyState.DRAFT for study in found)
    final = len(found) - drafts
    st.markdown(
        f"**{number(drafts)} {wording.plural(drafts, 'brouillon')}, "
        f"{number(final)} {wording.plural(final, 'étude validée', 'études validées')}**"
    )
    for study in found[:_MOST]:
        _card(study, records)
    if len(found) > _MOST:
        st.caption(f"Et {number(len(found) - _MOST)} autres : précisez la recherche.")


def _card(study: FlowStudy, records: Snapshot) -> None:
    actor = records.actor.get(study.actor_id)
    commune = records.commune.get(actor.commune_code) if actor else None
    flows = sum(flow.study_id == study.id for flow in records.flows_of.get(study.actor_id, ()))
    draft = study.state is StudyState.DRAFT
    count = len(study.lines) if draft else flows
    with st.container(border=True, key=f"study-card-{study.id}"):
        left, right = st.columns([5, 1], vertical_alignment="center")
        name = escape.markdown(actor.name if actor else study.actor_id)
        place = f", {escape.markdown(commune.name)}" if commune else ""
        badge = (
            f":orange-badge[{wording.STUDY_STATE[study.state]}]"
            if draft
            else (f":green-badge[{wording.STUDY_STATE[study.state]}]")
        )
        said = ", ".join(wording.DIFFICULTY[one] for one in study.difficulties)
        left.markdown(
            f"**{name}**{place} {badge}  \n{date(study.day)}"
            f"{' · ' + escape.markdown(study.surveyor) if study.surveyor else ''} · "
            f"{number(count)} {wording.plural(count, 'flux', 'flux')}"
            f"{' · difficultés' + NNBSP + ': ' + said if said else ''}"
        )
        right.button(
            "Reprendre" if draft else "Ouvrir",
            key=f"study-open-{study.id}",
            on_click=opened.open_study,
            args=(study.id,),
            width="stretch",
        )


def _text(study: FlowStudy, records: Snapshot) -> str:
    actor = records.actor.get(study.actor_id)
    commune = records.commune.get(actor.commune_code) if actor else None
    return fold(
        " ".join(
            (
                actor.name if actor else "",
                commune.name if commune else "",
                study.surveyor,
                study.day,
                study.other_difficulties,
                *(wording.DIFFICULTY[one] for one in study.difficulties),
            )
        )
    )
