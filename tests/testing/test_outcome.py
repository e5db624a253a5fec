"""Differences between an expected and an actual text, as a failed test shows them: short, whatever their size."""

from __future__ import annotations

from wasmbuild.testing.outcome import MAX_DIFF_LINES, difference


def lines(*numbers: int) -> str:
    return "".join(f"line {number}\n" for number in numbers)


def test_equal_texts_have_no_difference() -> None:
    assert difference("", "") == ""
    assert difference(lines(1, 2), lines(1, 2)) == ""


def test_a_diff_shows_what_differs_with_three_lines_around_it() -> None:
    shown = difference(lines(*range(100)), lines(*range(50), *range(51, 100))).split("\n")
    assert shown[:3] == ["--- expected", "+++ actual", "@@ -48,7 +48,6 @@"]
    assert shown[3:] == [" line 47", " line 48", " line 49", "-line 50", " line 51", " line 52", " line 53"]


def test_a_long_diff_ends_with_how_much_there_is_more() -> None:
    shown = difference(lines(*range(200)), lines(*range(200, 400))).split("\n")
    assert len(shown) == MAX_DIFF_LINES + 1
    assert shown[-1] == f"… and {3 + 400 - MAX_DIFF_LINES} more lines"


def test_of_a_long_line_what_is_around_the_difference_is_shown() -> None:
    same = "x" * 1_000_000
    assert difference(f"{same}a", f"{same}bc") == f"expected: …'{'x' * 60}a'\nactual:   …'{'x' * 60}bc'"
    start, of_it = difference(same, "y" + same[1:]).split("\n")
    assert (start, of_it) == (f"expected: '{'x' * 400}'…", f"actual:   'y{'x' * 399}'…")
