"""Search normalisation: the one place that decides when two spellings are the same word."""

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "’": "'", "ʼ": "'"})
_WORD = re.compile(r"[^\W_]+")
_NOISE = frozenset(
    {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "pour"}
)
_SHORTEST_PLURAL = 4


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Fold case, accents, ligatures, apostrophes and runs of blanks.

    ``fold(fold(x)) == fold(x)`` for every text.

    >>> fold("  Bœuf à l’Étable ")
    "boeuf a l'etable"
    """
    # Compatibility forms can unfold into capitals (« ㎒ ») and case folding can bring new marks:
    # two rounds reach the fixed point (Unicode's own definition of caseless matching).
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
        text = "".join(c for c in text if not unicodedata.combining(c))
        text = text.translate(_LIGATURES)
    return " ".join(text.split())


def words(text: str) -> tuple[str, ...]:
    """Folded words of ``text`` without link words, plural marks dropped.

    Falls back to every word when nothing but link words is left.

    >>> words("Caisses en bois")
    ('caisse', 'bois')
    """
    found = _WORD.findall(fold(text))
    kept = [word for word in found if word not in _NOISE] or found
    return tuple(_singular(word) for word in kept)


def slug(text: str) -> str:
    """Turn a text into an identifier: ASCII letters and digits joined by hyphens.

    >>> slug("L'Écluse (exemple)")
    'l-ecluse-exemple'
    """
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))


def _singular(word: str) -> str:
    """Drop a plural mark, alike for the query and for what is searched: no need to be perfect."""
    if len(word) < _SHORTEST_PLURAL or word.endswith(("ss", "ois", "ais")):
        return word
    return word[:-1] if word.endswith(("s", "eaux", "eux")) else word
