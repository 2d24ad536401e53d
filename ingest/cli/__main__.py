"""``python -m ingest.cli``, for where the command is not on the path."""

from __future__ import annotations

from ingest.cli.start import main

main()
