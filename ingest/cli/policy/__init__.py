"""``conduct policy``: the community's policy as it is in force."""

from __future__ import annotations

from ingest.cli.lazy import lazy_group

group = lazy_group(
    "policy",
    "The policy that is in force here.",
    {"explain": ("ingest.cli.policy.explain:command", "The policy in sentences, and where each option is set.")},
)
