"""Printable documents: typst templates fed with data, never with pasted text."""

from pages.documents.rider_sheet import rider_sheet

__all__ = ["rider_sheet"]
