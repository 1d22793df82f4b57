"""The store: records, transactions, history, undo, settings and the territory.

The only place that knows SQL. SQLite in a file or PostgreSQL, with the same behaviour.
"""

from data.store.history import Change, ChangeSet
from data.store.store import Store, open_store
from data.store.transaction import SettingValue, Transaction

__all__ = ["Change", "ChangeSet", "SettingValue", "Store", "Transaction", "open_store"]
