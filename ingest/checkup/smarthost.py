"""What the doctor sees at the smarthost, which the doors, the digest and the notices hand mail to; none is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest import smtp
from ingest.checkup.finding import Finding, ok
from ingest.config_sections import Smtp


def examine(place: Smtp, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Connect, log in where a user is named, and leave.  Raises Unavailable, WrongUsage: what mail would meet, too."""
    with smtp.connect(place, smtp.credentials(place, environ)):
        how = "Reached" if place.user is None else "Logged in at"
        by = "without TLS, being this very host" if place.tls == "none" else f"encrypted ({place.tls})"
        yield ok("smarthost", f"{how} {place.host}, {by}; nothing was sent.")
