"""``conduct config``: what conduct.toml says, and whether it is right."""

from __future__ import annotations

from ingest.cli.lazy import lazy_group

group = lazy_group(
    "config",
    "What conduct.toml says, and whether it is right.",
    {
        "show": ("ingest.cli.config.show:command", "Every key, its value, and what it is for."),
        "check": ("ingest.cli.config.check:command", "Whether the configuration and the files it names will do."),
    },
)
