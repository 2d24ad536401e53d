"""HTML as a person sees it: and HTML that is meant to take for ever."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse_display import CUT, HIDDEN, html_to_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("one &amp; <b>two</b>\n three", "one & two three"),
        ("a<br>b<p>c</p>d", "a\nb\n\nc\n\nd"),
        ("<ul><li>one<li>two</ul>", "* one\n* two"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a  b\nc"),
        ("<pre>a\n  b\nc</pre>d", "a\n  b\nc\n\nd"),
        ('by <a href="https://x.example/@orin_b">@orin_b</a>.', "by @orin_b <https://x.example/@orin_b>."),
        ("<a href='https://x.example/a'>https://x.example/a</a>", "https://x.example/a"),
        ("<a href=mailto:p@example.org>Pia</a>", "Pia <mailto:p@example.org>"),
        ("<a href='javascript:x()'>y</a>", "y"),
        ('<a title="a>b" href="https://z.example">k</a>', "k <https://z.example>"),
        ("<blockquote>a<br>b<blockquote>c</blockquote></blockquote>d", "> a\n> b\n>>\n>> c\n\nd"),
        ('<blockquote style="margin:0 0 0 40px;border:none">a</blockquote>b', "a\n\nb"),
        ('<div class="yahoo_quoted"><div>a</div></div>b', "> a\nb"),
        ("<script>var a = '<p>no</p>'</script>x<style>y</style><title>z</title>", "x"),
        ("<!-- no --><!DOCTYPE x><?php no ?>y<![CDATA[z]]>", "y"),
        ("a<!-- never closed <b>b</b>", "a never closed b"),
        ("x < y <3 <", "x < y <3 <"),
        ("<img alt='a cat' src=x><img src=y>", "[a cat]"),
        ("<div>" * 400 + "deep" + "</div>" * 400 + "after", "deep\nafter"),
        ("<b title='unclosed>text", "text"),
        ("<div>a</div><div>&nbsp;</div><div>b</div>", "a\n\nb"),
        ("<div>a</div><div>&nbsp;b</div><div> </div><div>c&nbsp;</div>d", "a\nb\nc\nd"),
        ("", ""),
    ],
)
def test_what_is_shown(source: str, text: str) -> None:
    assert html_to_text(source) == (text, set())


@pytest.mark.parametrize(
    "hiding",
    [
        'style="display:none"',
        'style="display: none !important"',
        "hidden",
        'STYLE="visibility:hidden"',
    ],
)
def test_hidden_words_are_left_out_and_their_presence_is_said(hiding: str) -> None:
    assert html_to_text(f"<div {hiding}>a <div>b</div> c</div>shown") == ("shown", {HIDDEN})


def test_layout_tricks_hide_nothing() -> None:
    source = '<table style="font-size:0"><td style="font-size:14px;mso-hide:all">shown</td></table>'

    assert html_to_text(source) == ("shown", set())


def test_where_everything_is_hidden_that_is_what_there_is() -> None:
    assert html_to_text('<div style="display:none">secret</div>') == ("secret", {HIDDEN})


def test_an_empty_hidden_part_is_nothing_to_speak_of() -> None:
    assert html_to_text('<span style="display:none">&nbsp;\u200c</span>shown') == ("shown", set())


def test_a_picture_within_the_html_is_no_reason_to_cut() -> None:
    assert html_to_text(f'a<img src="data:image/png;base64,{"A" * 2_000_000}">b') == ("ab", set())


def test_too_much_html_is_cut_and_said_so() -> None:
    assert html_to_text("<p>a</p>" * 200_000)[1] == {CUT}


@given(
    st.lists(
        st.sampled_from(
            [
                "<",
                "</",
                ">",
                "<!--",
                "-->",
                "<a ",
                "href=",
                '"',
                "'",
                "x",
                "<p>",
                "</p>",
                "<pre>",
                "\n",
                "<blockquote>",
                "</blockquote>",
                "<div hidden>",
                "</div>",
                "<script>",
                "&lt;",
                "&#0;",
                "<li>",
            ]
        )
    ).map("".join)
)
def test_anything(source: str) -> None:
    html_to_text(source)


@pytest.mark.parametrize(
    "unit",
    [
        "<!--",
        "<![",
        "<a ",
        "</a ",
        "&#",
        '<a x="',
        "<a x=",
        "<?",
        "<",
        "<script>",
        "<a x",
        "<a/",
        "<title>",
        "<blockquote><p>a",
        "<div hidden>",
        "<br>",
        "<pre>\n",
        "<p style='",
        "<a href=x>y",
        "</blockquote>",
        " ",
        "<td>",
    ],
)
def test_bounded_time(unit: str) -> None:
    """The standard library's HTMLParser needs minutes for some of these."""
    start = time.perf_counter()

    html_to_text(unit * (300_000 // len(unit)))

    assert time.perf_counter() - start < 3
