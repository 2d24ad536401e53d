"""``python -m tests.bench``: speed and memory of polling, as ratios within one run on one throwaway Dovecot mailbox."""

from __future__ import annotations
