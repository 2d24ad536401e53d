"""``conduct retain``: what goes when and why, carrying it out, and keeping what must be kept."""

from __future__ import annotations

from ingest.cli.lazy import lazy_group

group = lazy_group(
    "retain",
    "Retention: what goes when and why, and carrying it out.",
    {
        "plan": ("ingest.cli.retain.plan:command", "What goes when, and why; changes nothing."),
        "apply": ("ingest.cli.retain.apply:command", "Carry out what is due today."),
        "hold": ("ingest.cli.retain.hold:command", "Keep a case from being expunged."),
        "release": ("ingest.cli.retain.release:command", "Lift the holds of a case."),
        "pause": ("ingest.cli.retain.pause:command", "The unattended sweep destroys nothing for now."),
        "resume": ("ingest.cli.retain.resume:command", "The unattended sweep goes on."),
        "deviate": ("ingest.cli.retain.deviate:command", "Another date than the policy's."),
    },
)
