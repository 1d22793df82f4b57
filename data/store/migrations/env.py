"""Alembic's entry point: runs on the connection that ``data.store.migrate`` gives."""

from alembic import context

from data.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
