"""Keep what lasts out of the garbage collector's way.

Streamlit collects the whole heap after every run of a page or fragment, holding the interpreter.
With solvers, geometry and thousands of records loaded that took some 250 ms: five screens
refreshed each second left no time for anything else (95 % of the interpreter, measured). What is
loaded once and kept is therefore set aside (``gc.freeze``); reference counts still free it.
"""

import gc


def set_aside() -> None:
    """Collect garbage once, then hide all that remains from later collections."""
    gc.collect()
    gc.freeze()
