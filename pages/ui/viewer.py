"""Who looks at the screen: the public, the network or the team.

Kept in the session only, never in the address: a link that is shared must not show more than its
reader may see.
"""

from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from geo.flows import Viewer

WIDGET: Final = "flows-viewer-widget"
_KEPT: Final = "flows-viewer"


def is_local() -> bool:
    """Whether this visitor sits at the machine that runs Cartoflux."""
    host = urlsplit(f"//{st.context.headers.get('Host', 'localhost')}").hostname
    return (
        st.context.ip_address is None
        and host in {"localhost", "127.0.0.1", "::1"}
        and "X-Forwarded-For" not in st.context.headers
        and "Forwarded" not in st.context.headers
    )


def viewer() -> Viewer:
    """Who looks: the public, unless this machine's own user asked for more in this session."""
    asked = st.session_state.get(WIDGET) or st.session_state.get(_KEPT) or Viewer.PUBLIC
    st.session_state[_KEPT] = asked
    return Viewer(asked) if is_local() else Viewer.PUBLIC
