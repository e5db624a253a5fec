"""Messages as values: what is near enough to be suggested."""

from __future__ import annotations

import pytest

from wasmbuild.diagnostics import did_you_mean


@pytest.mark.parametrize(
    ("wrong", "known", "near"),
    [
        ("infalte", ["deflate", "inflate"], "inflate"),
        ("srouces", ["sources", "headers"], "sources"),
        ("sum_al", ["sum_all"], "sum_all"),
        ("pngg", ["libpng"], "libpng"),
        ("ab", ["abc"], "abc"),
        ("compress2_bound", ["compress_bound"], "compress_bound"),
        ("foo", ["floor"], None),
        ("dup", ["wcsdup"], None),
        ("kill", ["ceill"], None),
        ("socket", ["getsockopt"], None),
        ("tmpfile", ["fileno"], None),
        ("plugin_answer", ["plugin_version"], None),
        ("", ["a"], None),
        ("a", [], None),
    ],
)
def test_only_what_is_near_for_its_length_is_suggested(wrong: str, known: list[str], near: str | None) -> None:
    assert did_you_mean(wrong, known) == near


def test_the_nearest_is_suggested_and_of_equals_the_first_that_difflib_names() -> None:
    assert did_you_mean("strcpyn", ["strcpys", "strncpy", "strcpy"]) == "strcpy"


def test_a_similar_name_is_found_among_very_many_and_long_ones_are_not_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import difflib

    from wasmbuild import diagnostics

    compared: list[int] = []
    real = difflib.get_close_matches

    def counting(word: str, possibilities: list[str], *more: int, **named: float) -> list[str]:
        compared.append(len(possibilities) * len(word) ** 2)
        return real(word, possibilities, *more, **named)

    monkeypatch.setattr(difflib, "get_close_matches", counting)
    many = [f"other_{n:06}" for n in range(200_000)]
    assert diagnostics.did_you_mean("wanted_name1", [*many, "wanted_name", *many]) == "wanted_name"
    assert diagnostics.did_you_mean("other_00000x", many) is not None
    assert diagnostics.did_you_mean("a" * 90_000, ["a" * 90_000 + "b"]) is None
    assert max(compared) <= 500_000
