"""One editable table on screen."""

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.rounds_parts.state import EditedTable


def show_editor(
    table: EditedTable,
    key: str,
    columns: Mapping[str, ColumnConfig],
    *,
    disabled: Sequence[str] = (),
    num_rows: Literal["fixed", "dynamic"] = "fixed",
) -> None:
    """Draw the columns configured of a table; what is typed is kept in ``table.edited``."""
    if key not in st.session_state:
        # The page was left and opened again: Streamlit forgot the edits, the form did not.
        table.reopen()
    table.edited = st.data_editor(
        table.base,
        key=key,
        column_order=[column for column in table.base.columns if column in columns],
        column_config=dict(columns),
        disabled=list(disabled),
        num_rows=num_rows,
        hide_index=True,
        placeholder="–",
        width="stretch",
    )
