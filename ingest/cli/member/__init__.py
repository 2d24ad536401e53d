"""``conduct member``: who is on the committee, and with which key."""

from __future__ import annotations

from ingest.cli.lazy import lazy_group

group = lazy_group(
    "member",
    "Who is on the committee: joining, leaving, recusal.",
    {
        "key": ("ingest.cli.member.key:command", "Make your key and the block that a member adds you with."),
        "add": ("ingest.cli.member.add:command", "Add a newcomer, and grant her every record."),
        "remove": ("ingest.cli.member.remove:command", "End a member's term; her access ends at once."),
        "list": ("ingest.cli.member.listing:command", "Everybody who is or was a member."),
        "recuse": ("ingest.cli.member.recuse:command", "Keep a member from a case."),
        "unrecuse": ("ingest.cli.member.unrecuse:command", "Let a member back into a case."),
        "recover": ("ingest.cli.member.recover:command", "The last resort, with the recovery secret."),
    },
)
