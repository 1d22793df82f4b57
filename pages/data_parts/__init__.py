"""Parts of the Données page: one editor for every kind of record, exchange, history, demo.

A kind is a :class:`pages.data_parts.kinds.Spec` (its columns, how they are grouped on screen, its
list); a fuller form, such as a flow study, is a new spec or new groups, not a new editor.
"""
