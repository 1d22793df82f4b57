"""The page for a council: one page, all that must be said, nothing that must not."""

import io

import pytest
from pypdf import PdfReader

from data.model import Stream
from geo.flows import Measure, Viewer
from pages.documents.flow_report import flow_report
from pages.documents.flow_taken import Taken
from pages.flows_parts.choice import Choice
from tests.documents.flow_world import HOSTILE, taken
from tests.geo.flows.worlds import flow


def read(view: Taken) -> tuple[str, PdfReader]:
    """Return the text of the page (blanks made plain) and the document."""
    reader = PdfReader(io.BytesIO(flow_report(view)))
    text = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split()), reader


def test_the_page_says_everything() -> None:
    """Title, date, key figures, rate and its definition, reliability, masking, sources, page."""
    text, reader = read(taken())
    assert len(reader.pages) == 1
    assert reader.metadata is not None
    assert reader.metadata.title == "Flux de matières – Carrés"
    for part in (
        "Flux de matières – Carrés",
        "12/03/2026",
        "Entrées",
        "Sorties",
        "Reste sur place",
        "Part ailleurs",
        "Circularité",
        "Adapté du taux d’utilisation circulaire d’Eurostat",
        "Comment ces quantités sont connues",
        "Ce qui n’est pas montré, et pourquoi",
        "2 flux non détaillés ici (confidentialité)",
        "de quantité inconnue",
        "contours d’essai",
        "page 1 sur 1",
        "vue publique",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("view", "title"),
    [
        (taken(streams=(Stream.WOOD,)), "Flux de bois – Carrés"),
        (taken(epcis=("111111111",)), "Flux de matières – Communauté de l’Ouest"),
        (taken(communes=("01000",)), "Flux de matières – Aubépine"),
        (taken(actors=("a0000",)), "Flux de matières – Aulne"),
        (
            taken(streams=(Stream.WOOD, Stream.BIOWASTE), communes=("01000",)),
            "Flux de bois et biodéchets – Aubépine",
        ),
        (taken(choice=Choice(place="actor:a0002", stream="wood")), "Flux de bois – Cornouiller"),
        (taken(streams=(Stream.ENERGY,)), "Flux d’énergie – Carrés"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_title_names_the_selection(view: Taken, title: str) -> None:
    """Stream, EPCI, commune, actor: the title says which."""
    assert view.title == title


def test_the_balance_is_that_of_the_selection() -> None:
    """For an EPCI the figures are its own: 135 t inside, 40 t leaving for Bordeaux."""
    text, _ = read(taken(epcis=("111111111",)))
    assert "Bilan – Communauté de l’Ouest" in text
    assert "135 t/an" in text
    assert "40 t/an" in text


def test_a_public_page_hides_and_a_team_page_warns() -> None:
    """Amounts of restricted flows are only in the team's page, which says so in its first lines."""
    public, _ = read(taken())
    assert "778" not in public
    assert "à ne pas diffuser" not in public
    team, _ = read(taken(viewer=Viewer.TEAM))
    assert "778" in team or "777" in team
    assert "2 flux non publics dans ce document, à ne pas diffuser" in team


def test_hostile_text_is_printed_not_run() -> None:
    """Markup and file access in a name are plain words of the table."""
    text, _ = read(taken(flow(1, 0, None, partner_place=HOSTILE, resource_id="wood")))
    assert "localhost" not in text
    assert "Bois" in text


def test_measures_are_explained() -> None:
    """CO₂e comes with its formula, its factor and its source."""
    text, _ = read(taken(measure=Measure.CO2E))
    assert "Base Carbone" in text


def test_nothing_to_say_is_said() -> None:
    """Without any flow the page still opens and says so."""
    text, reader = read(taken(min_mass_t=1e9, known_only=True))
    assert len(reader.pages) == 1
    assert "Aucun flux ne répond à ces filtres" in text
