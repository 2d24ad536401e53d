"""``conduct mail``: what came in, as far as it was granted to whoever asks."""

from __future__ import annotations

from ingest.cli.lazy import lazy_group

group = lazy_group(
    "mail",
    "Stored mail: what came in, as far as it was granted to you.",
    {
        "list": ("ingest.cli.mail.listing:command", "The mails that you may read."),
        "show": ("ingest.cli.mail.show:command", "One mail, as text or as its exact bytes."),
        "file": ("ingest.cli.mail.file:command", "File a mail, and its thread, with a case."),
        "dismiss": ("ingest.cli.mail.dismiss:command", "Say that a mail is no report and belongs to no case."),
        "import": ("ingest.cli.mail.import_:command", "Take in the years before: mbox, Maildir, .eml."),
        "release": ("ingest.cli.mail.release:command", "Lift a conflict hold for another member."),
        "export": ("ingest.cli.mail.export:command", "Write the exact bytes of every mail that you may read."),
    },
)
