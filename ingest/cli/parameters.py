"""Kinds of values on the command line: days, code names of cases, and lengths of time."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import click

from ingest.agent.protocol import MOST_SECONDS
from ingest.cli.offering import OffersCases
from policies import codenames
from policies.errors import WrongUsage

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}


class _Day(click.ParamType[dt.date]):
    """A day, written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:  # noqa: ANN401
        if isinstance(value, dt.date):
            return value
        try:
            day = dt.datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
        except ValueError:
            self.fail("is no day; write it as YYYY-MM-DD.", param, ctx)
        return day


class _CodeName(OffersCases, click.ParamType[str]):
    """The code name of a case as it is kept, ``amber kettle``, however it was typed."""

    name = "case"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        try:
            return codenames.parse(value)
        except WrongUsage as error:
            self.fail(str(error), param, ctx)


class _Duration(click.ParamType[dt.timedelta]):
    """A length of time in seconds, minutes or hours, no longer than a key may be kept unlocked."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.timedelta:  # noqa: ANN401
        if isinstance(value, dt.timedelta):
            return value
        found = re.fullmatch(r"([0-9]{1,6})([smh])", value.strip())
        seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
        if not found:
            self.fail("is no length of time; write it as 90s, 15m or 8h.", param, ctx)
        if not 0 < seconds <= MOST_SECONDS:
            self.fail(f"must be between 1s and {MOST_SECONDS // 3600}h.", param, ctx)
        return dt.timedelta(seconds=seconds)


DAY = _Day()
DURATION = _Duration()
CODE_NAME = _CodeName()
