"""The edge: everything that touches mail servers, files, clocks and people.

Mail comes in through ``imap`` as bytes, is read by ``parse`` in a limited child, and is filed by the pipeline;
people come in through ``cli``, one file a command.  What is decided is decided in ``policies``, what is kept is kept
in ``records``, what is said is written in ``templates``: this package fetches, asks, shows and hands on.

It refuses to guess: what cannot be read waits for a member's eyes, and what cannot be reached is said to be unknown.
"""

from __future__ import annotations

__version__ = "0.1.0"
