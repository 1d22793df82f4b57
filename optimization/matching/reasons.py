"""Why an offer answers a need: the same points as the score, each with a French sentence."""

from collections.abc import Callable
from typing import Final

import numpy as np

from data.french import NNBSP, kilometres, number, percent, quantity, quote, with_margin
from optimization.matching.market import MASS, Amount, Market
from optimization.matching.model import Kinship, Match, Reason
from optimization.matching.quality import compatibility
from optimization.matching.score import MOST, REACH_KM, RESOURCE, Parts, parts, season_share

_WHOLE: Final = 0.995
"""From here a share reads as the whole."""


def explain(market: Market, offer: int, need: int) -> Match:
    """The match of an offer (row) and a need (row), with its reasons.

    Raises:
        KeyError: the vocabulary does not let that offer answer that need.
    """
    scored = parts(market, np.array([offer]), np.array([need]))
    given, asked = market.offers.amounts[offer], market.needs.amounts[need]
    kinship = _kinship(market, offer, need)
    reasons = tuple(make(market, offer, need, scored, kinship) for make in _MAKERS)
    masses = given and asked and given.dimension == asked.dimension == MASS
    shared = _shared(given, asked) if given and asked and masses else (None, None, None)
    return Match(
        offer_id=market.offers.ids[offer],
        need_id=market.needs.ids[need],
        score=sum(reason.points for reason in reasons),
        reasons=reasons,
        distance_km=int(scored.distance_m[0]) / 1000,
        distance_source=market.travel.name,
        kinship=kinship,
        shared_t_per_year=shared[0],
        low=shared[1],
        high=shared[2],
    )


def _kinship(market: Market, offer: int, need: int) -> Kinship:
    giver = market.group_of[market.offers.ids[offer]]
    return dict(market.givers[market.group_of[market.needs.ids[need]]])[giver]


def _shared(given: Amount, asked: Amount) -> tuple[float, float, float]:
    return min(given.value, asked.value), min(given.low, asked.low), min(given.high, asked.high)


def _resource(market: Market, offer: int, need: int, scored: Parts, kinship: Kinship) -> Reason:
    del scored
    giver = market.name_of(market.group_of[market.offers.ids[offer]])
    taker = market.name_of(market.group_of[market.needs.ids[need]])
    text = {
        Kinship.SAME: f"Même ressource{NNBSP}: {taker}.",
        Kinship.SUBSTITUTE: f"{quote(giver)} peut remplacer {quote(taker)}, "
        "d’après la nomenclature.",
        Kinship.WORDS: f"Mêmes mots, hors nomenclature{NNBSP}: {quote(taker)}.",
    }[kinship]
    return Reason(key="resource", points=RESOURCE[kinship], most=MOST["resource"], text=text)


def _quantity(market: Market, offer: int, need: int, scored: Parts, kinship: Kinship) -> Reason:
    del kinship
    given, asked = market.offers.amounts[offer], market.needs.amounts[need]
    if given is None or asked is None:
        missing = "de l’offre" if given is None else "du besoin"
        both = given is None and asked is None
        text = f"Quantité {'des deux côtés' if both else missing} à préciser{NNBSP}: moitié."
    elif given.dimension != asked.dimension:
        text = f"Quantités dans des unités qui ne se comparent pas{NNBSP}: moitié."
    else:
        once = market.offers.once[offer], market.needs.once[need]
        text = (
            f"L’offre couvre {_covered(given, asked)}{NNBSP}: "
            f"{_amount(given, once=bool(once[0]))} pour {_amount(asked, once=bool(once[1]))}."
        )
    return _reason("quantity", scored.quantity, text)


def _covered(given: Amount, asked: Amount) -> str:
    """Share of the need, from the worst to the best case when they differ."""
    worst, best = (
        min(1.0, offer / need) if need > 0 else 1.0
        for offer, need in ((given.low, asked.high), (given.high, asked.low))
    )
    if worst >= _WHOLE:
        return "tout le besoin"
    if best - worst < 1 - _WHOLE:
        return f"{percent(worst)} du besoin"
    top = "la totalité" if best >= _WHOLE else percent(best)
    return f"de {percent(worst)} à {top} du besoin selon les incertitudes"


def _amount(amount: Amount, *, once: bool) -> str:
    unit = "t" if amount.dimension == MASS else amount.dimension
    written = (
        quantity(amount.value, unit)
        if amount.low == amount.high
        else with_margin(amount.value, amount.low, amount.high, unit)
    )
    return f"{written} en une fois" if once else f"{written} par an"


def _distance(market: Market, offer: int, need: int, scored: Parts, kinship: Kinship) -> Reason:
    del market, offer, need, kinship
    metres = int(scored.distance_m[0])
    far = f" (aucun point au-delà de {number(REACH_KM)}{NNBSP}km)"
    text = f"À {kilometres(metres)}{far if metres >= REACH_KM * 1000 else ''}."
    return _reason("distance", scored.distance, text)


def _quality(market: Market, offer: int, need: int, scored: Parts, kinship: Kinship) -> Reason:
    del kinship
    has = market.listings[market.offers.ids[offer]].quality.strip()
    wants = market.listings[market.needs.ids[need]].quality.strip()
    share, axis = compatibility(
        market.qualities[market.offers.quality[offer]], market.qualities[market.needs.quality[need]]
    )
    about = f" ({axis})" if axis else ""
    if not wants:
        text = "Aucune qualité exigée."
    elif share == 1:
        text = f"Qualité demandée ({quote(wants)}) offerte ({quote(has)})."
    elif share == 0:
        text = f"Qualités contraires{about}{NNBSP}: {quote(wants)} demandé, {quote(has)} offert."
    elif has:
        text = f"Qualité à vérifier{about}{NNBSP}: {quote(wants)} demandé, {quote(has)} offert."
    else:
        text = f"Qualité à vérifier{NNBSP}: {quote(wants)} demandé, l’offre n’en dit rien."
    return _reason("quality", scored.quality, text)


def _rhythm(market: Market, offer: int, need: int, scored: Parts, kinship: Kinship) -> Reason:
    del kinship
    text = {
        (False, False): "Régulier des deux côtés.",
        (True, True): "Une seule fois des deux côtés.",
        (True, False): f"Offre en une fois pour un besoin régulier{NNBSP}: moitié.",
        (False, True): f"Offre régulière pour un besoin en une fois{NNBSP}: moitié.",
    }[bool(market.offers.once[offer]), bool(market.needs.once[need])]
    return _reason("rhythm", scored.rhythm, text)


def _season(market: Market, offer: int, need: int, scored: Parts, kinship: Kinship) -> Reason:
    del kinship
    share = float(season_share(market.offers.months[offer], market.needs.months[need]))
    if share >= _WHOLE:
        text = "L’offre est là chaque mois où le besoin existe."
    elif share > 0:
        text = f"L’offre est là pendant {percent(share)} du calendrier du besoin (douze mois)."
    else:
        text = f"Calendriers sans mois commun d’ici un an{NNBSP}: stockage à prévoir."
    return _reason("season", scored.season, text)


def _reason(key: str, half_points: "np.typing.NDArray[np.int64]", text: str) -> Reason:
    return Reason(key=key, points=int(half_points.flat[0]) / 2, most=MOST[key], text=text)


_MAKERS: Final[tuple[Callable[[Market, int, int, Parts, Kinship], Reason], ...]] = (
    _resource,
    _quantity,
    _distance,
    _quality,
    _rhythm,
    _season,
)
