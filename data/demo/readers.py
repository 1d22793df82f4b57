"""Invented readers of the letter, and the draft of an issue."""

from collections.abc import Iterator, Sequence
from typing import Final

from data.demo.kinds import SUFFIX
from data.demo.real import BERGERAC, EYMET, LALINDE, VELINES
from data.french import tidy
from data.model import Letter, Listing, Origin, Side, Stream, Subscriber

MONTH: Final = "2026-11"
_MOST: Final = 14
_READERS: Final = (
    ("club", "Club d’entreprises", BERGERAC, None, (), "2026-03-12", "Fiche d’adhésion"),
    ("menuiserie", "Menuiserie, bureau", BERGERAC, 15.0, (Stream.WOOD,), "2026-04-02",
     "Formulaire de l’atelier"),
    ("maraicher", "Ferme maraîchère, commandes", LALINDE, 25.0,
     (Stream.BIOWASTE, Stream.WOOD, Stream.FOOD), "2026-04-02", "Formulaire de l’atelier"),
    ("domaine", "Domaine viticole, accueil", EYMET, 20.0, (Stream.GLASS, Stream.PAPER_CARDBOARD),
     "2026-05-20", "Visite de l’entreprise"),
    ("mairie", "Mairie, service technique", VELINES, 30.0, (), "2026-06-09", "Courriel"),
    ("ressourcerie", "Ressourcerie, collecte", BERGERAC, 40.0, (), "2026-06-11", "Courriel"),
    ("parti", "Imprimerie, standard", BERGERAC, 10.0, (Stream.PAPER_CARDBOARD,), "2026-03-12",
     "Fiche d’adhésion"),
    ("sans-accord", "Garage, accueil", BERGERAC, 10.0, (), "", ""),
)  # fmt: skip


def subscribers() -> Iterator[Subscriber]:
    """Give the readers: most agreed, one has left, one never said yes."""
    for rank, (key, name, commune, radius, streams, day, how) in enumerate(_READERS, start=1):
        yield Subscriber(
            id=f"demo-abonnement-{key}",
            name=name + SUFFIX,
            email=f"accueil@{key}.example",
            commune_code=commune,
            radius_km=radius,
            streams=streams,
            consent_day=day,
            consent_source=how,
            unsubscribed_day="2026-09-30" if key == "parti" else "",
            token=f"exemple-{rank:02d}-{key}",
            origin=Origin.DEMO_FICTIONAL,
        )


def letter(listings: Sequence[Listing]) -> Letter:
    """Draft the issue of the month with listings whose actors agreed, offers first.

    Some of them may no longer appear (expired, confidential): they drop out of every edition.
    """
    agreed = [listing for listing in listings if listing.in_letter]
    offers = [listing.id for listing in agreed if listing.side is Side.OFFER]
    needs = [listing.id for listing in agreed if listing.side is Side.NEED]
    half = _MOST // 2
    return Letter(
        id="demo-lettre-2026-11",
        month=MONTH,
        title="La lettre des ressources à partager, novembre 2026" + SUFFIX,
        introduction=tidy(
            "Voici les offres et les besoins du mois. Une palette, un coin d’entrepôt, une cuve : "
            "ce qui encombre l’un dépanne souvent l’autre."
        ),
        how_to_answer=tidy(
            "Répondez à ce message en citant l’annonce : nous vous mettons en relation sous deux "
            "jours. (Lettre d’exemple, personne ne la reçoit.)"
        ),
        listing_ids=(*offers[-half:], *needs[-half:]),
        origin=Origin.DEMO_FICTIONAL,
    )
