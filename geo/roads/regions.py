"""Which of Geofabrik's extracts holds a French department."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from data.errors import InputError
from data.french import tidy

_FRANCE: Final = "europe/france"
_DEPARTMENTS: Final[dict[str, str]] = {
    "alsace": "67 68",
    "aquitaine": "24 33 40 47 64",
    "auvergne": "03 15 43 63",
    "basse-normandie": "14 50 61",
    "bourgogne": "21 58 71 89",
    "bretagne": "22 29 35 56",
    "centre": "18 28 36 37 41 45",
    "champagne-ardenne": "08 10 51 52",
    "corse": "2A 2B",
    "franche-comte": "25 39 70 90",
    "guadeloupe": "971",
    "guyane": "973",
    "haute-normandie": "27 76",
    "ile-de-france": "75 77 78 91 92 93 94 95",
    "languedoc-roussillon": "11 30 34 48 66",
    "limousin": "19 23 87",
    "lorraine": "54 55 57 88",
    "martinique": "972",
    "mayotte": "976",
    "midi-pyrenees": "09 12 31 32 46 65 81 82",
    "nord-pas-de-calais": "59 62",
    "pays-de-la-loire": "44 49 53 72 85",
    "picardie": "02 60 80",
    "poitou-charentes": "16 17 79 86",
    "provence-alpes-cote-d-azur": "04 05 06 13 83 84",
    "reunion": "974",
    "rhone-alpes": "01 07 26 38 42 69 73 74",
}
_REGION: Final = {code: name for name, codes in _DEPARTMENTS.items() for code in codes.split()}


def region_of(commune_codes: Iterable[str]) -> str:
    """Return the extract that holds most of these communes (INSEE codes).

    Raises:
        InputError: none of them is in France.
    """
    found = Counter(
        _REGION[department]
        for code in commune_codes
        if (department := code[: 3 if code.startswith("97") else 2]) in _REGION
    )
    if not found:
        raise InputError(
            tidy(
                "La région à télécharger n’est pas connue : indiquez-la (par exemple "
                "« europe/france/aquitaine »)."
            ),
            field="Région",
        )
    return f"{_FRANCE}/{found.most_common(1)[0][0]}"
