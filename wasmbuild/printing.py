"""Text that came from outside, made fit to be shown. Imports nothing: a build with nothing to do prints, too."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def printable(text: str) -> str:
    r"""Text from outside on its way to a terminal: what would act on it, run to the left, or cannot be encoded, is
    escaped as `\x1b`; so is a line break. Tabs stay."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in text)
