"""Contrasts (WCAG 2.1 AA) and colours as seen by colour-blind readers, computed."""

import itertools
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt
import pytest

from data.model import ActorKind, Reliability, Stream, SynergyStatus
from pages.ui import icons, palette
from pages.ui.palette import ON_CATEGORY, Surfaces, Theme, round_style, surfaces, synergy_style

THEMES: tuple[Theme, ...] = get_args(Theme)
TEXT_AA = 4.5
GRAPHIC_AA = 3.0
SEEN_APART = 10.0
"""CIE76 distance from which two colours side by side are told apart without effort."""

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
VISIONS = {
    "usual": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(color: str) -> npt.NDArray[np.float64]:
    """Return the linear RGB of ``#RRGGBB``."""
    channels = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio."""
    low, high = sorted(float(linear(c) @ TO_XYZ[1]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, vision: str) -> float:
    """Return the CIE76 distance of two colours as seen with a vision."""

    def lab(color: str) -> npt.NDArray[np.float64]:
        xyz = TO_XYZ @ np.clip(VISIONS[vision] @ linear(color), 0, 1) / WHITE
        f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
        return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])

    return float(np.linalg.norm(lab(one) - lab(other)))


def text_pairs(theme: Theme) -> list[tuple[str, str]]:
    """Return every (text, background) pair on screen."""
    s = surfaces(theme)
    pairs = [
        (ink, paper)
        for ink in (s.text, s.muted, s.link, s.primary, s.error)
        for paper in (s.background, s.stone)
    ]
    pairs += [(s.on_primary, s.primary), (s.on_notice, s.notice)]
    pairs += [(s.map_label, s.map_label_halo), (s.map_epci_line, s.map_label_halo)]
    pairs += [(s.map_label, land) for land in (s.map_land, s.map_neighbour, s.map_outside)]
    pairs += [(color, s.background) for color in palette.RELIABILITY[theme].values()]
    pairs += [(s.background, palette.RELIABILITY[theme][Reliability.MEASURED])]
    return pairs


@pytest.mark.parametrize("theme", THEMES)
def test_text_reads(theme: Theme) -> None:
    """Every text has the AA contrast of normal text on what is behind it."""
    for ink, paper in text_pairs(theme):
        assert contrast(ink, paper) >= TEXT_AA, (ink, paper)


@pytest.mark.parametrize("theme", THEMES)
def test_graphics_stand_out(theme: Theme) -> None:
    """Outlines, selection and rounds have the AA contrast of graphics on the land."""
    s = surfaces(theme)
    for mark in (s.map_epci_line, s.selected, *(round_style(i, theme).color for i in range(42))):
        assert contrast(mark, s.map_land) >= GRAPHIC_AA, mark


def test_glyphs_read_on_categories() -> None:
    """A white glyph reads on every kind of actor and every stream."""
    for color in (*palette.ACTOR_KIND.values(), *palette.STREAM.values()):
        assert contrast(ON_CATEGORY, color) >= GRAPHIC_AA, color


@pytest.mark.parametrize("theme", THEMES)
def test_markers_have_an_edge(theme: Theme) -> None:
    """The ring around a marker parts its colour from any land, in both themes."""
    for color in palette.ACTOR_KIND.values():
        ring = surfaces(theme).marker_ring
        assert contrast(ring, color) >= GRAPHIC_AA, color


@pytest.mark.parametrize("vision", VISIONS)
def test_kinds_are_told_apart(vision: str) -> None:
    """The five kinds differ by colour for everyone, and by icon and shape besides."""
    for one, other in itertools.combinations(ActorKind, 2):
        colors = palette.ACTOR_KIND[one], palette.ACTOR_KIND[other]
        assert distance(*colors, vision) >= SEEN_APART, (one, other)
        assert icons.ACTOR_KIND[one] != icons.ACTOR_KIND[other]
        assert icons.ACTOR_SHAPE[one] != icons.ACTOR_SHAPE[other]


def test_streams_have_a_second_cue() -> None:
    """Thirteen colours cannot all differ for everyone: each stream has its own icon."""
    assert set(palette.STREAM) == set(icons.STREAM) == set(Stream)
    assert len(set(palette.STREAM.values())) == len(Stream)
    assert len({icon.glyph for icon in icons.STREAM.values()}) == len(Stream)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISIONS)
def test_ramp_climbs(theme: Theme, vision: str) -> None:
    """Neighbouring classes are told apart, and luminance goes one way only."""
    ramp = surfaces(theme).ramp
    for low, high in itertools.pairwise(ramp):
        assert distance(low, high, vision) >= SEEN_APART * 0.8, (low, high)
    luminances = [float(linear(color) @ TO_XYZ[1]) for color in ramp]
    assert luminances == sorted(luminances, reverse=theme == "light")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISIONS)
def test_rounds_are_told_apart(theme: Theme, vision: str) -> None:
    """Two of the first seven rounds differ by colour or by dash, for everyone."""
    for one, other in itertools.combinations(range(7), 2):
        first, second = round_style(one, theme), round_style(other, theme)
        assert (
            first.dash != second.dash or distance(first.color, second.color, vision) >= SEEN_APART
        )


def test_rounds_do_not_repeat_early() -> None:
    """Forty-two rounds each have their own pair of colour and dash."""
    assert len({round_style(i) for i in range(42)}) == 42


def test_config_repeats_the_palette(project_root: Path) -> None:
    """Streamlit's theme file holds the same colours as the palette."""
    config = tomllib.loads((project_root / ".streamlit" / "config.toml").read_text("utf-8"))
    names = {
        "primaryColor": "primary",
        "backgroundColor": "background",
        "secondaryBackgroundColor": "stone",
        "textColor": "text",
        "linkColor": "link",
        "borderColor": "border",
    }
    for theme in THEMES:
        for option, name in names.items():
            assert config["theme"][theme][option] == getattr(surfaces(theme), name)


def test_both_themes_name_the_same_variables() -> None:
    """Style sheets find every variable they use, in light and dark."""
    assert palette.css_variables("light").keys() == palette.css_variables("dark").keys()
    assert all(len(getattr(palette.LIGHT, f.name)) for f in fields(Surfaces))


def test_style_sheets_hold_no_colour_of_their_own(project_root: Path) -> None:
    """Our style sheets use variables of the palette, or that code of ours sets."""
    pages = project_root / "pages"
    sources = [*pages.rglob("*.js"), *pages.rglob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    known = set(palette.css_variables("light")) | set(re.findall(r"--cf-[a-z-]+", code))
    for path in sorted((pages / "assets").glob("*.css")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?=\s*[;,)}])", text), path.name
        assert set(re.findall(r"--cf-[a-z-]+", text)) <= known, path.name


@pytest.mark.parametrize("theme", THEMES)
def test_synergies_are_told_apart_on_the_map(theme: Theme) -> None:
    """Every status reads on the land; only the two solid ones share a dash, and differ in hue."""
    land = surfaces(theme).map_land
    styles = {status: synergy_style(status, theme) for status in SynergyStatus}
    for style in styles.values():
        assert contrast(style.color, land) >= GRAPHIC_AA
    solid = [status for status, style in styles.items() if not style.dash]
    assert solid == [SynergyStatus.REALISED, SynergyStatus.LASTING]
    dashes = [style.dash for style in styles.values() if style.dash]
    assert len(set(dashes)) == len(dashes)
    assert set(icons.SYNERGY_STATUS) == set(SynergyStatus)
