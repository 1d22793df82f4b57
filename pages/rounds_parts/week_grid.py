"""The week as one picture: a line a stop, a column a day, the hour where a round comes."""

from typing import Final

from data import french
from optimization.weeks.model import DAY_NAMES, WeekPlan
from pages.rounds_parts.week_figures import day_kg, gap_text, grid
from pages.ui import escape

_STYLE: Final = (
    "<style>"
    ".cf-week{overflow:auto;max-height:75vh;border:1px solid currentColor;border-radius:.5rem}"
    ".cf-week table{border-collapse:collapse;width:100%;margin:0!important;"
    "font-size:clamp(.9rem,.55rem + .55vw,1.3rem);font-variant-numeric:tabular-nums}"
    ".cf-week th,.cf-week td{padding:.3rem .5rem!important;text-align:center;white-space:nowrap;"
    "border:0!important;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)"
    "!important}"
    ".cf-week thead th,.cf-week tfoot th,.cf-week tfoot td{position:sticky;background:var(--paper);"
    "font-weight:700;z-index:2}.cf-week thead th{top:0}"
    ".cf-week tfoot th,.cf-week tfoot td{bottom:0;box-shadow:0 1.5rem 0 var(--paper)}"
    ".cf-week tbody th,.cf-week thead th:first-child,.cf-week tfoot th{text-align:left;left:0;"
    "position:sticky;background:var(--paper);max-width:38vw;overflow:hidden;"
    "text-overflow:ellipsis}.cf-week thead th:first-child,.cf-week tfoot th{z-index:3}"
    ".cf-week tbody th{font-weight:400;z-index:1}.cf-week .miss{font-weight:700}"
    ".cf-week td.on{background:color-mix(in srgb,currentColor 9%,transparent)}"
    "</style>"
)


def week_grid(week: WeekPlan, paper: str) -> str:
    """Return the grid as HTML.

    Args:
        week: what is shown.
        paper: CSS colour behind the cells that stay in sight.
    """
    days = [one.day for one in week.days]
    heads = "".join(f'<th scope="col">{DAY_NAMES[day].capitalize()}</th>' for day in days)
    rows = "".join(
        f'<tr><th scope="row" title="{escape.html(row.name)}">{escape.html(row.name)}</th>'
        + "".join(_cell(row.times.get(day), missed=day in row.missed) for day in days)
        + f"<td>{escape.html(gap_text(row))}</td></tr>"
        for row in grid(week)
    )
    feet = "".join(
        f"<td>{escape.html(french.quantity(day_kg(one), 'kg', 0))}</td>" for one in week.days
    )
    return (
        f'{_STYLE}<div class="cf-week" role="region" tabindex="0" style="--paper:{paper}" '
        'aria-label="Grille de la semaine"><table><thead><tr><th scope="col">Point</th>'
        f'{heads}<th scope="col">Écart le plus long</th></tr></thead><tbody>{rows}</tbody>'
        f'<tfoot><tr><th scope="row">Collecté</th>{feet}<td></td></tr></tfoot></table></div>'
    )


def _cell(arrival_s: int | None, *, missed: bool) -> str:
    if arrival_s is not None:
        return f'<td class="on">✓ {escape.html(french.clock(arrival_s))}</td>'
    return '<td class="miss">✗ manqué</td>' if missed else "<td></td>"
