"""The participants' page: one document, its style and script inside, French, under 60 kB.

Everything is in the page itself, so that what has arrived works: on a poor network a style sheet
or a script asked for afterwards may never come. The policy (``SECURITY``) allows these two texts
by their digest and nothing else; what people typed goes through ``escape.html``.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Final

from data.french import NNBSP
from data.model import Workshop
from data.units import KNOWN_UNITS
from pages.routes.assets import OWN_ASSETS
from pages.ui import palette
from pages.ui.escape import html
from pages.ui.wording import APP_NAME, PERIOD

_USED: Final = (
    *("background", "border", "error", "link", "muted", "notice", "on-notice", "on-primary"),
    *("primary", "selected", "stone", "text"),
)


def _colours(theme: palette.Theme) -> str:
    colours = palette.css_variables(theme)
    return ";".join(f"--cf-{name}:{colours[f'--cf-{name}']}" for name in _USED)


_STYLE: Final = (
    f":root{{color-scheme:light dark;{_colours('light')}}}"
    f"@media (prefers-color-scheme:dark){{:root{{{_colours('dark')}}}}}\n"
    + (OWN_ASSETS / "workshop.css").read_text(encoding="utf-8")
)
_SCRIPT: Final = (OWN_ASSETS / "workshop.js").read_text(encoding="utf-8")
WORKER: Final = (OWN_ASSETS / "workshop_worker.js").read_text(encoding="utf-8")
"""Service worker: reopens the page without network, where the browser allows it (HTTPS)."""


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


SECURITY: Final = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            f"script-src {_digest(_SCRIPT)}",
            f"style-src {_digest(_STYLE)}",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
}
"""Headers of every answer to a phone."""


def form_page(
    workshop: Workshop,
    *,
    values: Mapping[str, str] | None = None,
    phone: str = "",
    fault: str = "",
    fault_field: str = "",
    received: int | None = None,
    just_sent: bool = False,
) -> str:
    """Write the page of an open workshop.

    Args:
        workshop: whose code was typed.
        values: fields to fill in, by wire name (after a refusal, or the company remembered).
        phone: number of the phone, for a browser without script; drawn when empty.
        fault: a French sentence, when what was posted is refused.
        fault_field: wire name of the field at fault.
        received: how many cards of this phone are here, when known.
        just_sent: greet with « Fiche envoyée ».
    """
    values = values or {}

    def value(name: str) -> str:
        return html(values.get(name, ""))

    def bad(name: str) -> str:
        return ' aria-invalid="true" aria-describedby="faute"' if name == fault_field else ""

    def chosen(name: str, option: str) -> str:
        return " selected" if values.get(name, "") == option else ""

    def side(option: str) -> str:
        return " checked" if values.get("sens", "") == option else ""

    units = "".join(
        f'<option value="{html(unit)}"{chosen("unite", unit)}>{html(unit)}</option>'
        for unit in KNOWN_UNITS
    )
    periods = "".join(
        f'<option value="{html(period)}"{chosen("periode", period)}>par {html(word)}</option>'
        for period, word in PERIOD.items()
    )
    place = " · ".join(part for part in (workshop.place, _day(workshop)) if part)
    notes = f'<p class="note bad" id="faute" role="alert">{html(fault)}</p>' if fault else ""
    if just_sent and not fault:
        notes += (
            '<p class="note" role="status" id="merci">'
            f"<strong>Fiche envoyée, encore une{NNBSP}?</strong></p>"
        )
    count = "" if received is None else f"<li>{_cards(received)} ✓</li>"
    more = " open" if any(values.get(n) for n in ("precisions", "role")) and not just_sent else ""
    body = f"""<header>
<h1>{html(workshop.name)}</h1>
<p class="quiet">{html(place)}</p>
<ul class="counts" id="compte" aria-live="polite">{count}</ul>
{notes}<div id="notes" aria-live="assertive"></div>
</header>
<main>
<form id="fiche" method="post" action="/atelier/{html(workshop.code)}/fiches" autocomplete="off">
<input type="hidden" name="telephone" value="{html(phone or secrets.token_hex(8))}">
<input type="hidden" name="numero" value="{secrets.token_hex(16)}">
<input type="hidden" name="acteur" value="{value("acteur")}">
<div class="me" id="moi" hidden><span></span><button type="button">Changer</button></div>
<div id="qui">
<label for="entreprise">Votre entreprise</label>
<input type="text" id="entreprise" name="entreprise" maxlength="300" required
 autocapitalize="words" value="{value("entreprise")}"{bad("entreprise")}>
<div class="chips" id="entreprises" role="group" aria-label="Entreprises connues"></div>
<label for="table">Table <small>(facultatif)</small></label>
<input type="text" id="table" name="table" inputmode="numeric" pattern="[0-9]*" maxlength="3"
 value="{value("table")}"{bad("table")}>
</div>
<fieldset class="sides-set"><legend>Cette fiche</legend><div class="sides">
<label><input type="radio" name="sens" value="offre" required{side("offre")}><span><b
 aria-hidden="true">↗</b>J’offre</span></label>
<label><input type="radio" name="sens" value="besoin" required{side("besoin")}><span><b
 aria-hidden="true">↘</b>Je cherche</span></label>
</div></fieldset>
<label for="ressource">Quoi{NNBSP}? <small>(en deux mots)</small></label>
<input type="text" id="ressource" name="ressource" maxlength="300" required
 placeholder="palettes, cartons, un local…" value="{value("ressource")}"{bad("ressource")}>
<div class="chips" id="ressources" role="group" aria-label="Mots proposés"></div>
<fieldset><legend>Combien{NNBSP}? <small>(si vous savez)</small></legend><div class="amount">
<div><label for="quantite">Quantité</label>
<input type="text" id="quantite" name="quantite" inputmode="decimal" maxlength="20"
 value="{value("quantite")}"{bad("quantite")}></div>
<div><label for="unite">Unité</label>
<select id="unite" name="unite"{bad("unite")}><option value="">—</option>{units}</select></div>
<div class="wide"><label for="periode">Quand</label>
<select id="periode" name="periode"{bad("periode")}>
<option value="">une seule fois</option>{periods}</select></div>
</div></fieldset>
<details{more}><summary><span>Précisions, contact<span id="et-photo"
 hidden>, photo</span></span></summary>
<label for="precisions">Précisions</label>
<textarea id="precisions" name="precisions" maxlength="2000" rows="3"
{bad("precisions")}>
{value("precisions")}</textarea>
<label for="role">Qui contacter <small>(une fonction, pas un nom)</small></label>
<input type="text" id="role" name="role" maxlength="300" placeholder="responsable logistique"
 value="{value("role")}"{bad("role")}>
<div id="photo" hidden>
<span class="file"><input type="file" id="image" accept="image/*"
 aria-label="Ajouter une photo">Ajouter une photo</span>
<p class="quiet">Sans visage ni plaque, s’il vous plaît.</p>
<div class="photo" hidden><img alt="Votre photo"><button type="button">Retirer</button></div>
</div>
</details>
<div class="send"><button class="go" type="submit">Envoyer la fiche</button></div>
</form>
{_OUTBOX}
</main>
<footer class="quiet"><p>Pas de compte. Votre fiche sert à l’atelier et à son suivi par l’équipe du
programme{NNBSP}; n’y écrivez pas de nom de personne.</p></footer>"""
    return _document(workshop.name, body, code=workshop.code, is_open=True)


_OUTBOX: Final = '<section id="envois" hidden><h2>Mes fiches</h2><ul class="items"></ul></section>'


def closed_page(message: str, code: str = "") -> str:
    """Write the page of a code that opens nothing: why, and a field to type another one.

    The script comes along: cards that a phone kept for this code stay in sight and are retried.
    """
    body = f"""<header><h1>Rejoindre un atelier</h1>
<p class="note late" role="alert"{"" if message else " hidden"}>{html(message)}</p>
<ul class="counts" id="compte" aria-live="polite"></ul><div id="notes" aria-live="assertive"></div>
</header>
<main>
<form method="get" action="/atelier/rejoindre">
<label for="code">Code de l’atelier <small>(six signes, sur l’écran de la salle)</small></label>
<input type="text" id="code" name="code" required maxlength="20" autocapitalize="characters"
 autocomplete="off" spellcheck="false" value="{html(code)}">
<div class="send"><button class="go" type="submit">Entrer</button></div>
</form>
{_OUTBOX}
</main>"""
    return _document("Rejoindre un atelier", body, code=code, is_open=False)


def _document(title: str, body: str, *, code: str, is_open: bool) -> str:
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<title>{html(title)} – {html(APP_NAME)}</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body data-code="{html(code)}" data-open="{int(is_open)}">
{body}
<script>{_SCRIPT}</script>
</body>
</html>
"""


def _day(workshop: Workshop) -> str:
    year, month, day = workshop.day.split("-")
    return f"{day}/{month}/{year}"


def _cards(count: int) -> str:
    return f"{count} fiche{'s' if count > 1 else ''} reçue{'s' if count > 1 else ''}"
