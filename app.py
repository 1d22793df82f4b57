"""The front door: ``streamlit run app.py``."""

import streamlit as st
from starlette.middleware import Middleware

from pages.routes import all_routes, lifespan
from pages.routes.shell import FrenchShell
from pages.ui.errors import show_script_error

app = st.App(
    "pages/frame.py",
    lifespan=lifespan,
    routes=all_routes(),
    middleware=[Middleware(FrenchShell)],
    on_script_error=show_script_error,
)
