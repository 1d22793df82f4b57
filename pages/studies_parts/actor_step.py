"""Step 1: whose flows, when, and who asks. An unknown actor is created in four fields."""

import datetime as dt
from typing import Final

import streamlit as st
from rapidfuzz import process

from data.errors import InputError
from data.exchange.actors import ACTORS
from data.exchange.flow_actors import college_of
from data.exchange.importing import duplicate_of
from data.exchange.labels import choices, label, read_choice
from data.exchange.records import read_record
from data.french import quote, tidy
from data.model import Actor, ActorKind, StudyStep
from data.text import fold
from pages.data_parts.session import directory
from pages.studies_parts import opened
from pages.studies_parts.opened import Opened
from pages.ui import escape, localtime
from pages.ui.session import Snapshot, snapshot, who

_NEAR: Final = 4
_ALIKE: Final = 80
_ANONYMOUS: Final = "poste local"


def draw(held: Opened) -> None:
    """Draw the fields."""
    records = snapshot()
    key = held.prefix
    names = _names(records)
    study = held.study
    known = study.actor_id if study else None
    chosen = st.selectbox(
        "Acteur visité :red[\\*]",
        list(names),
        index=list(names).index(known) if known in names else None,
        format_func=lambda value: names.get(value, value),
        key=f"{key}actor",
        placeholder="Tapez son nom : s’il est inconnu, validez avec Entrée pour le créer",
        accept_new_options=True,
    )
    if chosen and chosen not in names:
        _draw_new(key, str(chosen), records)
    left, right = st.columns(2)
    left.date_input(
        "Date de la visite",
        value=dt.date.fromisoformat(study.day) if study else localtime.today(),
        key=f"{key}day",
        format="DD/MM/YYYY",
    )
    mine = who()
    right.text_input(
        "Enquêtrice ou enquêteur",
        value=study.surveyor if study else (mine if mine != _ANONYMOUS else ""),
        key=f"{key}surveyor",
        max_chars=100,
    )


def _draw_new(key: str, name: str, records: Snapshot) -> None:
    near = _near(name, records)
    if near:
        st.markdown(tidy(f"{quote(escape.markdown(name))} : est-ce l’un d’eux ?"))
        with st.container(horizontal=True):
            for actor in near:
                st.button(
                    escape.markdown(actor.name),
                    key=f"{key}near-{actor.id}",
                    icon=":material/person_check:",
                    on_click=_choose,
                    args=(key, actor.id),
                )
    with st.container(border=True):
        st.markdown(
            tidy("**Nouvel acteur** : il sera placé à la mairie de sa commune, à préciser ensuite.")
        )
        left, right = st.columns(2)
        left.selectbox(
            "Type :red[\\*]",
            choices(ActorKind),
            index=None,
            key=f"{key}kind",
            placeholder="Choisir",
        )
        communes = sorted(records.commune.values(), key=lambda c: c.name.casefold())
        right.selectbox(
            "Commune :red[\\*]",
            [commune.code for commune in communes],
            index=None,
            format_func=lambda code: records.commune[code].name,
            key=f"{key}commune",
            placeholder="Tapez les premières lettres",
        )
        left.text_input(
            "SIRET", key=f"{key}siret", max_chars=20, help="14 chiffres ; évite les doublons."
        )
        right.text_input("Activité", key=f"{key}activity", max_chars=200)


def _choose(key: str, actor_id: str) -> None:
    st.session_state[f"{key}actor"] = actor_id


def leave(held: Opened, step: StudyStep) -> None:
    """Keep what is typed, then go on (a widget callback)."""
    key = held.prefix
    state = st.session_state
    chosen = str(state.get(f"{key}actor") or "")
    held.errors = ()
    if not chosen:
        held.errors = (
            InputError("Dites d’abord quel acteur vous visitez.", field="Acteur visité"),
        )
        return
    day = state[f"{key}day"].isoformat() if state.get(f"{key}day") else ""
    if not day:
        held.errors = (InputError("Donnez la date de la visite.", field="Date de la visite"),)
        return
    surveyor = str(state.get(f"{key}surveyor") or "").strip()
    actor = None
    if chosen not in snapshot().actor:
        actor = _new_actor(held, chosen)
        if actor is None:
            return
    actor_id = actor.id if actor else chosen
    if held.study is None:
        opened.create(actor, actor_id, day, surveyor)
        return
    before, held.step = held.step, step
    if not opened.save(held, actor=actor, actor_id=actor_id, day=day, surveyor=surveyor):
        held.step = before


def _new_actor(held: Opened, name: str) -> Actor | None:
    key, state = held.prefix, st.session_state
    kind_word = str(state.get(f"{key}kind") or "")
    kind = read_choice(kind_word, ActorKind) if kind_word else None
    reading = read_record(
        ACTORS,
        {
            "nom": name,
            "type": kind_word,
            "collège": label(college_of(kind)) if kind else "",
            "code commune": str(state.get(f"{key}commune") or ""),
            "SIRET": str(state.get(f"{key}siret") or ""),
            "activité": str(state.get(f"{key}activity") or ""),
            "source": "Étude de flux",
        },
        directory(),
    )
    if reading.record is None:
        held.errors = tuple(error for error in reading.errors if error.field != "collège")
        return None
    twin = duplicate_of(ACTORS, reading.record, snapshot().actors)
    if twin is not None:
        held.errors = (twin,)
        return None
    return reading.record


def _names(records: Snapshot) -> dict[str, str]:
    named = {}
    for actor in sorted(records.actors, key=lambda a: (a.name.casefold(), a.id)):
        commune = records.commune.get(actor.commune_code)
        named[actor.id] = f"{actor.name} ({commune.name})" if commune else actor.name
    return named


def _near(name: str, records: Snapshot) -> list[Actor]:
    """Actors whose name holds these words, or nearly is these words."""
    wanted = fold(name)
    within = [actor for actor in records.actors if wanted in fold(actor.name)]
    folded = {actor.id: fold(actor.name) for actor in records.actors}
    alike = process.extract(wanted, folded, limit=_NEAR, score_cutoff=_ALIKE)
    found = {actor.id: actor for actor in within[:_NEAR]}
    found |= {actor_id: records.actor[actor_id] for _, _, actor_id in alike}
    return list(found.values())[:_NEAR]
