"""Both stores' versions: alembic runs them when a store is older than the program."""
