"""The only place with colours.

One calm identity: paper and river stone for surfaces, vine green for actions, ochre for what
must be noticed, wine for boundaries. Categorical colours are picked from Okabe–Ito and Paul Tol
hues, darkened until a white glyph reads on them; none carries meaning alone: a kind also has an
icon and a shape, a stream an icon, a round a number and a dash. ``tests/pages/test_ui_palette.py``
computes WCAG contrasts and the distances seen with deuteranopia and protanopia.
"""

from dataclasses import dataclass, fields
from typing import Literal

from data.model import ActorKind, Reliability, Side, Stream, SynergyStatus

Theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surfaces:
    """Colours of one theme. ``.streamlit/config.toml`` repeats those marked (config)."""

    background: str  # (config)
    stone: str  # (config) secondary background
    text: str  # (config)
    muted: str
    border: str  # (config)
    primary: str  # (config)
    on_primary: str
    link: str  # (config)
    notice: str
    on_notice: str
    error: str
    map_outside: str
    map_neighbour: str
    map_neighbour_line: str
    map_land: str
    map_commune_line: str
    map_epci_line: str
    map_water: str
    map_label: str
    map_label_halo: str
    marker_ring: str
    selected: str
    no_data: str
    ramp: tuple[str, ...]
    """Sequential, from little to much, in five classes."""


LIGHT = Surfaces(
    background="#FCFBF7",
    stone="#F1EEE5",
    text="#2B2A27",
    muted="#5F5B52",
    border="#DAD4C6",
    primary="#3D6647",
    on_primary="#FFFFFF",
    link="#285F77",
    notice="#F7E6BF",
    on_notice="#5A3E05",
    error="#9B2C23",
    map_outside="#E9E6DD",
    map_neighbour="#E2DED3",
    map_neighbour_line="#CFC9BA",
    map_land="#F8F5EC",
    map_commune_line="#C3B9A3",
    map_epci_line="#6B2737",
    map_water="#8FB4C6",
    map_label="#3B372F",
    map_label_halo="#FFFFFF",
    marker_ring="#FFFFFF",
    selected="#C2410C",
    no_data="#ECE9E1",
    ramp=("#FBF0D9", "#F1D9A6", "#E2BA72", "#CC9544", "#A96F22"),
)

DARK = Surfaces(
    background="#1C1C1A",
    stone="#282825",
    text="#EEEAE0",
    muted="#B8B2A5",
    border="#45433D",
    primary="#8DC29A",
    on_primary="#14231A",
    link="#8CC4DE",
    notice="#4A3A14",
    on_notice="#F7E6BF",
    error="#F2A49B",
    map_outside="#161715",
    map_neighbour="#20211F",
    map_neighbour_line="#34352F",
    map_land="#2B2C28",
    map_commune_line="#4B4B43",
    map_epci_line="#D9909F",
    map_water="#3F6478",
    map_label="#EEEAE0",
    map_label_halo="#1C1C1A",
    marker_ring="#F5F2EA",
    selected="#FFB26B",
    no_data="#262724",
    ramp=("#37332A", "#4E4531", "#6B5A38", "#8E753F", "#B5954F"),
)


def surfaces(theme: Theme) -> Surfaces:
    """Return the colours of a theme."""
    return DARK if theme == "dark" else LIGHT


ON_CATEGORY = "#FFFFFF"
"""Glyphs and figures on a categorical colour, in both themes."""

ACTOR_KIND: dict[ActorKind, str] = {
    ActorKind.COMPANY: "#2F74CF",
    ActorKind.SSE: "#7B2D8B",
    ActorKind.PUBLIC_BODY: "#2B2B33",
    ActorKind.FARM: "#0B6B4F",
    ActorKind.RESIDENTS: "#BF560A",
}

STREAM: dict[Stream, str] = {
    Stream.BIOWASTE: "#4F7D12",
    Stream.WOOD: "#8A5A2B",
    Stream.PAPER_CARDBOARD: "#A8690C",
    Stream.PLASTIC: "#C2479B",
    Stream.METAL: "#5B6770",
    Stream.GLASS: "#14796B",
    Stream.MINERAL: "#857565",
    Stream.TEXTILE: "#A8325E",
    Stream.CHEMICAL: "#6A3D9A",
    Stream.FOOD: "#CC4634",
    Stream.ENERGY: "#B06F00",
    Stream.WATER: "#1F6FB5",
    Stream.SHARED_MEANS: "#3A3A44",
}

SIDE: dict[Side, str] = {Side.OFFER: "#0B6B4F", Side.NEED: "#A33D00"}
"""Offers and needs; a white glyph reads on both, their shapes differ too (``icons.SIDE_SHAPE``)."""

_LIFT = 0.42
"""How far a stream's colour is moved towards white where it is a line on a dark map."""


def stream_line(stream: Stream, theme: Theme = "light") -> str:
    """Return the colour of a stream drawn as a line or an area, without a glyph on it."""
    color = STREAM[stream]
    if theme == "light":
        return color
    channels = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(c + (255 - c) * _LIFT):02X}" for c in channels)


RELIABILITY: dict[Theme, dict[Reliability, str]] = {
    "light": {
        Reliability.MEASURED: "#0B6B4F",
        Reliability.DECLARED: "#285F77",
        Reliability.ESTIMATED: "#8A5000",
    },
    "dark": {
        Reliability.MEASURED: "#7BD3B1",
        Reliability.DECLARED: "#8CC4DE",
        Reliability.ESTIMATED: "#F0B968",
    },
}
"""Text and outline of a badge; measured is filled, declared outlined, estimated dashed."""


SCOPE: dict[Theme, dict[str, str]] = {
    "light": {
        "inside": "#3D6647",
        "entering": "#2F74CF",
        "leaving": "#BF560A",
        "unknown": "#8A857A",
        "outside": "#5B4A6B",
    },
    "dark": {
        "inside": "#8DC29A",
        "entering": "#7FB2F0",
        "leaving": "#FFB26B",
        "unknown": "#9C978B",
        "outside": "#B7A3CC",
    },
}
"""Where a flow goes, seen from the territory; charts add a hatching (``SCOPE_PATTERN``)."""

SCOPE_PATTERN: dict[str, str] = {
    "inside": "",
    "entering": "/",
    "leaving": "\\",
    "unknown": ".",
    "outside": "x",
}
"""Plotly's names of the hatchings."""


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How a round is drawn: colour and dash; its number is written beside it."""

    color: str
    dash: str
    """SVG ``stroke-dasharray``; empty for a solid line."""


_ROUND_LIGHT = ("#0B62A8", "#A33D00", "#0B6B4F", "#7B2D8B", "#8A6100", "#A8325E", "#2B2B33")
_ROUND_DARK = ("#6DB6F2", "#FFA263", "#58C9A3", "#D79BE3", "#E3C04F", "#F08FB1", "#E5E2DA")
_DASHES = ("", "12 6", "2 7", "14 5 2 5", "22 6", "6 6")


def round_style(index: int, theme: Theme = "light") -> LineStyle:
    """Return the style of the round number ``index`` (from 0): 42 rounds before any repeats."""
    colors = _ROUND_DARK if theme == "dark" else _ROUND_LIGHT
    return LineStyle(colors[index % len(colors)], _DASHES[index % len(_DASHES)])


_STATUS_DASHES: dict[SynergyStatus, str] = {
    SynergyStatus.IDEA: "1 7",
    SynergyStatus.TO_EXPLORE: "4 6",
    SynergyStatus.DISCUSSION: "10 6",
    SynergyStatus.ABOUT_TO_BE_REALISED: "22 6",
    SynergyStatus.REALISED: "",
    SynergyStatus.LASTING: "",
    SynergyStatus.SUSPENDED: "14 5 2 5",
    SynergyStatus.ABANDONED: "2 12",
}
_STATUS_COLORS: dict[Theme, dict[SynergyStatus, str]] = {
    "light": {
        SynergyStatus.IDEA: "#6E6A61",
        SynergyStatus.TO_EXPLORE: "#8A6100",
        SynergyStatus.DISCUSSION: "#0B62A8",
        SynergyStatus.ABOUT_TO_BE_REALISED: "#7B2D8B",
        SynergyStatus.REALISED: "#0B6B4F",
        SynergyStatus.LASTING: "#12382B",
        SynergyStatus.SUSPENDED: "#BF560A",
        SynergyStatus.ABANDONED: "#9B2C23",
    },
    "dark": {
        SynergyStatus.IDEA: "#B8B2A5",
        SynergyStatus.TO_EXPLORE: "#E3C04F",
        SynergyStatus.DISCUSSION: "#6DB6F2",
        SynergyStatus.ABOUT_TO_BE_REALISED: "#D79BE3",
        SynergyStatus.REALISED: "#58C9A3",
        SynergyStatus.LASTING: "#C9F2DF",
        SynergyStatus.SUSPENDED: "#FFA263",
        SynergyStatus.ABANDONED: "#F2A49B",
    },
}


def synergy_style(status: SynergyStatus, theme: Theme = "light") -> LineStyle:
    """Return how a synergy is drawn: the surer the status, the fuller the line.

    « Réalisée » and « pérenne » are both solid; the latter is drawn thicker.
    """
    return LineStyle(_STATUS_COLORS[theme][status], _STATUS_DASHES[status])


def css_variables(theme: Theme) -> dict[str, str]:
    """Return the CSS custom properties that our style sheets use, name → colour."""
    colors = surfaces(theme)
    named = {
        field.name.replace("_", "-"): getattr(colors, field.name)
        for field in fields(colors)
        if field.name != "ramp"
    }
    levels = {level.value: color for level, color in RELIABILITY[theme].items()}
    variables = {**named, **levels, "on-category": ON_CATEGORY}
    return {f"--cf-{name}": color for name, color in variables.items()}
