"""Days and code names as they are typed."""

from __future__ import annotations

import datetime as dt

import click
import pytest

from ingest.cli.parameters import CODE_NAME, DAY


@pytest.mark.parametrize("text", ["2028-02-29", "0001-01-01"])
def test_day(text: str) -> None:
    assert DAY.convert(text, None, None) == dt.date.fromisoformat(text)


@pytest.mark.parametrize("text", ["", "2026-02-29", "20260101", "21.11.2026", "2026-11-21T10:00", "today"])
def test_what_is_no_day_is_wrong_usage(text: str) -> None:
    with pytest.raises(click.BadParameter, match="YYYY-MM-DD"):
        DAY.convert(text, None, None)


@pytest.mark.parametrize("text", ["amber kettle", "amber-kettle", "Amber Kettle"])
def test_code_name_however_it_is_typed(text: str) -> None:
    assert CODE_NAME.convert(text, None, None) == "amber kettle"


@pytest.mark.parametrize("text", ["", "amber", "amber kettle three", "\x1b[2J", "nosuch words"])
def test_what_is_no_code_name_is_wrong_usage(text: str) -> None:
    with pytest.raises(click.BadParameter):
        CODE_NAME.convert(text, None, None)
