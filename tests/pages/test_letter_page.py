"""The Lettre page: choose, save, send, subscribe, leave, take back."""

import pytest
from streamlit.testing.v1 import AppTest

from data.model import Letter, Listing, Subscriber, Visibility
from data.store import Store
from pages.letter_parts import consent
from pages.letter_parts.preview import every_reader
from pages.letter_parts.view import letter_view
from pages.ui import localtime, viewer
from tests.pages.data_visit import click, filled, messages, run, store, visit

__all__ = ["filled", "store"]

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture(autouse=True)
def _at_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sit at the machine that runs Cartoflux: addresses are shown nowhere else."""
    monkeypatch.setattr(viewer, "is_local", lambda: True)


def mail(app: AppTest) -> str:
    """Return the preview of the message."""
    return "\n".join(str(one.proto.body) for one in app.get("html"))


def listings_widget(app: AppTest) -> str:
    """Return the key of the choice of listings."""
    return next(str(one.key) for one in app.multiselect if "letter-listings" in str(one.key))


def test_says_that_it_sends_nothing() -> None:
    """The page says plainly that Cartoflux sends no message itself."""
    assert "Cartoflux n’envoie aucun message lui-même" in messages(visit("lettre").info)


def test_draft_drops_what_may_not_appear(store: Store) -> None:
    """What the draft chose but is expired or confidential is told, and not in the preview."""
    app = visit("lettre")
    draft = next(one for one in store.list(Letter) if not one.sent_at)
    assert "confidentielle" in messages(app.warning)
    page = mail(app)
    for listing in (store.get(Listing, one) for one in draft.listing_ids):
        if listing.visibility is Visibility.CONFIDENTIAL:
            assert listing.label not in page
            assert not any(listing.label in o for w in app.multiselect for o in w.options)


def test_chosen_listings_are_saved_in_order(store: Store) -> None:
    """The order of the choice is that of the letter; saving can be undone."""
    app = visit("lettre")
    key = listings_widget(app)
    draft = next(one for one in store.list(Letter) if not one.sent_at)
    wanted = list(reversed(draft.listing_ids))[:3]
    app.session_state[key] = wanted
    run(app)
    click(app, "letter-save")
    assert store.get(Letter, draft.id).listing_ids == tuple(wanted)
    click(app, "data-undo")
    assert store.get(Letter, draft.id).listing_ids == draft.listing_ids


def test_consent_is_noted_where_it_is_needed(store: Store) -> None:
    """An actor says yes: its listing may appear, is chosen, and one press takes it all back."""
    view = letter_view()
    waiting = consent.missing(view, localtime.today())
    assert waiting
    assert not any(view.listings[one].in_letter for one in waiting)
    secret = {one.id for one in store.list(Listing) if one.visibility is Visibility.CONFIDENTIAL}
    assert secret.isdisjoint(waiting)
    wanted = next(iter(waiting))
    app = visit("lettre")
    next(box for box in app.selectbox if box.key == "letter-consent-listing").set_value(wanted)
    run(app)
    click(app, "letter-consent-go")
    assert store.get(Listing, wanted).in_letter
    assert app.session_state[listings_widget(app)][-1] == wanted
    assert waiting[wanted].resource in mail(app)
    click(app, "data-undo")
    assert not store.get(Listing, wanted).in_letter


def test_consent_is_noted_at_the_desk_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """From another machine nobody reads what was not agreed to be shown."""
    monkeypatch.setattr(viewer, "is_local", lambda: False)
    assert not [box for box in visit("lettre").selectbox if box.key == "letter-consent-listing"]


def test_sent_letter_joins_the_history(store: Store) -> None:
    """A letter marked as sent is among those sent, and no longer a draft."""
    draft = next(one for one in store.list(Letter) if not one.sent_at)
    click(visit("lettre"), "letter-sent")
    assert store.get(Letter, draft.id).sent_at
    app = visit("lettre", rubrique="Lettres envoyées")
    assert "novembre 2026" in messages(app.markdown)


def test_new_letter_for_this_month(store: Store) -> None:
    """A new letter takes this month and the usual way to answer."""
    app = visit("lettre")
    app.selectbox(key="letter-open").set_value("new")
    run(app)
    app.session_state[listings_widget(app)] = [
        next(iter(letter_view().eligible(localtime.today())))
    ]
    run(app)
    click(app, "letter-save")
    fresh = next(one for one in store.list(Letter) if not one.id.startswith("demo"))
    assert fresh.month == f"{localtime.today():%Y-%m}"
    assert len(fresh.listing_ids) == 1
    assert fresh.how_to_answer


def subscribe(app: AppTest, **typed: object) -> AppTest:
    """Fill in the form for a new reader and press the button."""
    widgets = (*app.text_input, *app.selectbox, *app.number_input)
    for name, value in typed.items():
        next(one for one in widgets if str(one.key).startswith(f"letter-{name}-")).set_value(value)
    return click(app, "letter-add-do")


def test_subscribe_with_consent_then_take_back(store: Store) -> None:
    """A reader is kept with the date and source of its consent and a token of its own."""
    before = store.count(Subscriber)
    app = subscribe(
        visit("lettre", rubrique="Abonnements"),
        name="Scierie", email="accueil@scierie.example", source="Visite du 12/03",
        commune="24037", radius=20.0,
    )  # fmt: skip
    added = next(one for one in store.list(Subscriber) if one.name == "Scierie")
    assert added.consent_source == "Visite du 12/03"
    assert added.consent_day
    assert len(added.token) >= 32
    click(app, "data-undo")
    assert store.count(Subscriber) == before


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "Scierie", "email": "accueil@scierie.example"}, "accord"),
        ({"name": "Scierie", "email": "pas une adresse", "source": "Visite"}, "accueil@exemple.fr"),
        ({"name": "X", "email": "ACCUEIL@club.example", "source": "Visite"}, "déjà abonnée"),
    ],
)
def test_no_reader_without_consent_or_address(
    store: Store, typed: dict[str, object], sentence: str
) -> None:
    """Without a source of consent, or with no address, or twice: refused in a sentence."""
    before = store.count(Subscriber)
    app = subscribe(visit("lettre", rubrique="Abonnements"), **typed)
    assert sentence in messages(app.error)
    assert store.count(Subscriber) == before


def test_leaving_stops_the_letter(store: Store) -> None:
    """Who leaves is in no archive made after, even if the page was drawn before."""
    app = visit("lettre", rubrique="Abonnements")
    draft = next(one for one in store.list(Letter) if not one.sent_at)
    make = every_reader(draft)
    assert b"club" in make()
    club = next(one for one in store.list(Subscriber) if "club" in one.email)
    app.selectbox(key="letter-leave").set_value(club.id)
    run(app)
    click(app, "letter-leave-do")
    assert store.get(Subscriber, club.id).unsubscribed_day
    assert b"club" not in make()


def test_search_finds_a_reader() -> None:
    """The search narrows the readers by name, address, commune or source."""
    app = visit("lettre", rubrique="Abonnements")
    app.text_input(key="letter-reader-search").set_value("menuis")
    run(app)
    assert list(app.dataframe[0].value["Nom"]) == ["Menuiserie, bureau (exemple)"]


def test_sender_is_kept(store: Store) -> None:
    """The sender's name and address are kept, and appear in the letter."""
    app = visit("lettre", rubrique="Abonnements")
    app.text_input(key="letter-sender-reply").set_value("eit@exemple.fr")
    click(app, "letter-sender-save")
    assert store.setting("lettre:reponse") == "eit@exemple.fr"
    assert "eit@exemple.fr" in mail(visit("lettre"))


def test_addresses_stay_at_the_desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """From any other machine no name and no address of a reader is on the page."""
    monkeypatch.setattr(viewer, "is_local", lambda: False)
    for part in ("Préparer", "Abonnements", "Lettres envoyées"):
        app = visit("lettre", rubrique=part)
        shown = messages((*app.markdown, *app.info, *app.caption, *app.code))
        shown += str([box.options for box in app.selectbox])
        for one in store.list(Subscriber):
            assert one.email not in shown
            assert one.name not in shown
        assert not any("Adresse" in frame.value.columns for frame in app.dataframe)
