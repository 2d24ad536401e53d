"""What alembic's two env.py files share: migrate over the connection that the store handed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context


def migrate(name: str, metadata: sa.MetaData) -> None:
    """Run the store's migrations; each store counts its versions in a table of its own."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=f"alembic_version_{name}",
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
