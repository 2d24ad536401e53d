"""Kinds of values on the command line: days, and code names of cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from policies import codenames
from policies.errors import WrongUsage


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


class _CodeName(click.ParamType[str]):
    """The code name of a case as it is kept, ``amber kettle``, however it was typed."""

    name = "case"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        try:
            return codenames.parse(value)
        except WrongUsage as error:
            self.fail(str(error), param, ctx)


DAY = _Day()
CODE_NAME = _CodeName()
