"""Synergies by status as bars: how many are there, how many came in during the period."""

from data.french import number
from optimization.programme import ProgrammeFigures
from pages.ui.escape import html

_OUT = frozenset({"suspended", "abandoned"})


def funnel_html(found: ProgrammeFigures, before: ProgrammeFigures) -> str:
    """Return the bars as a table: status, count on the last day, entered, count before."""
    rows = found.by_status.rows
    most = max((row.value or 0 for row in rows), default=0) or 1
    former = {row.key: row.value or 0 for row in before.by_status.rows}
    entered = {row.key.partition(":")[2]: row.value or 0 for row in found.entered.rows}
    body = "".join(
        f'<tr class="{"cf-out" if key in _OUT else "cf-chain"}">'
        f'<th scope="row">{html(row.label)}</th>'
        f'<td class="cf-track">{_bar((row.value or 0) / most)}'
        f"<b>{html(number(row.value or 0))}</b></td>"
        f"<td>{html(_signed(entered.get(key, 0)))}</td>"
        f"<td>{html(number(former.get(row.key, 0)))}</td></tr>"
        for row in rows
        for key in [row.key.partition(":")[2]]
    )
    return (
        '<table class="cf-funnel"><thead><tr><th scope="col">Statut</th>'
        '<th scope="col">Au dernier jour</th><th scope="col">Entrées</th>'
        f'<th scope="col">{html(_capital(before.span.label))}</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _bar(share: float) -> str:
    return f'<span style="width:{100 * share:.1f}%"></span>' if share else ""


def _signed(count: float) -> str:
    return f"+{number(count)}" if count else "–"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
