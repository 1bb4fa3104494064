"""Alembic runs the migrations in the transaction that `twin.store.database` opened."""

from alembic import context

from twin.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
