"""Polls that are killed, cut off, starved and deceived: nothing lost, nothing twice, nothing said."""

from __future__ import annotations
