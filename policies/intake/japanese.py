"""Names in Japanese sentences: who did something, told by the particle behind the name and the verb after it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final

from policies.words import ja

_NAME: Final = r"[\u4e00-\u9fff々]{1,4}[ \u3000]?[\u4e00-\u9fff々]{0,4}|[ァ-ヶー・]{2,20}|[A-Za-z][\w.-]{1,30}"
_TITLED: Final = re.compile(rf"({_NAME})(?:さん|氏|くん|君|さま)(から|に|によ|が|は|も)")
_HAS_JAPANESE: Final = re.compile("[\u3040-\u9fff]")
_BEFORE: Final = 8


@functools.cache
def _verbs() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, (ja.WORDS.acts + "|" + ja.WORDS.speech).split("|"))))


@functools.cache
def _helpers() -> re.Pattern[str]:
    listed = (ja.WORDS.helpers + "|" + ja.WORDS.local_people).split("|")
    return re.compile("(?:" + "|".join(map(re.escape, listed)) + ")(?:の|で|、)?$")


@functools.cache
def _leading() -> re.Pattern[str]:
    """Roles and days that stand before a name without anything between."""
    days = "昨日|今日|本日|先日|先週|昨夜|一昨日|今朝|当日"
    return re.compile(f"(?:{'|'.join(map(re.escape, ja.WORDS.roles.split('|')))}|{days})+(?=.)")


def doers(sentence: str) -> Iterator[tuple[str, int]]:
    """Names with a title that act, or by whom something was done, and where they begin.

    >>> list(doers("懇親会で田中一郎さんから暴言を受けました。"))
    [('田中一郎', 4)]
    """
    if sentence.isascii() or not _HAS_JAPANESE.search(sentence):
        return
    for match in _TITLED.finditer(sentence):
        shift = _leading().match(match[1])
        name = match[1][shift.end() if shift else 0 :].strip()
        if not name:
            continue
        if _helpers().search(sentence[max(0, match.start() - _BEFORE) : match.start()]) or _helpers().search(name):
            continue
        rest = sentence[match.end() : match.end() + 60]
        passive = match[2] in {"から", "に", "によ"}
        harmed = not passive and re.search(r"され|られ|われ|受け", rest[:40]) is not None
        if _verbs().search(rest) and not harmed and not re.search("目撃|助けて|注意して|注意しました|止めて", rest):
            yield name, match.end(1) - len(name)
