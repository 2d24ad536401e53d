"""``python -m ingest.cli``, for where the command is not on the path."""

from __future__ import annotations

from ingest.cli.app import main

main()
