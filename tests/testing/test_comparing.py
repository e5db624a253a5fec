"""What a guest left against what was expected: the same answer in pieces of any size, without holding either."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmbuild.testing import comparing
from wasmbuild.testing.comparing import compare


def lines(*numbers: int) -> bytes:
    return b"".join(b"line %d\n" % number for number in numbers)


def compared(expected: bytes, actual: bytes) -> str | None:
    return compare(io.BytesIO(expected), io.BytesIO(actual))


@pytest.mark.parametrize(
    ("expected", "actual", "shown"),
    [
        (lines(*range(20_000)), lines(*range(12_345), 0, *range(12_346, 20_000)),
         "first different line: 12346\nexpected: 'line 12345\\n'\nactual:   'line 0\\n'"),
        (lines(*range(20_000)), lines(*range(19_999)),
         "first different line: 20000\nexpected: 'line 19999\\n'\nactual:   ''"),
        (b"", lines(*range(20_000)), "first different line: 1\nexpected: ''\nactual:   'line 0\\n'"),
        (b"x" * 200_000 + b"a", b"x" * 200_000 + b"bc",
         f"first different line: 1\nexpected: …'{'x' * 60}a'\nactual:   …'{'x' * 60}bc'"),
        (b"x" * 200_000, b"y" + b"x" * 200_000,
         f"first different line: 1\nexpected: '{'x' * 400}'…\nactual:   'y{'x' * 399}'…"),
        (b"a\nb\n", b"a\nc\n", "--- expected\n+++ actual\n@@ -1,2 +1,2 @@\n a\n-b\n+c"),
    ],
)  # fmt: skip
def test_the_first_difference_is_shown(expected: bytes, actual: bytes, shown: str) -> None:
    assert compared(expected, actual) == shown
    assert compared(expected, expected) is None


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(1, 70))
def test_in_pieces_of_any_size_the_answer_is_the_same(expected: bytes, actual: bytes, chunk_bytes: int) -> None:
    whole = compared(expected, actual)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "_CHUNK_BYTES", chunk_bytes)
        assert compared(expected, actual) == whole
        patch.setattr(comparing, "_SHORT_BYTES", 0)
        assert (compared(expected, actual) is None) == (expected == actual) == (whole is None)


SCRIPT = """
import sys
from wasmbuild.testing.comparing import compare
with open(sys.argv[1], "rb") as expected, open(sys.argv[2], "rb") as actual:
    print(compare(expected, actual))
"""


def test_files_larger_than_memory_are_compared(tmp_path: Path) -> None:
    """Of lines as short as they can be: a list of them would be sixty times as large."""
    expected, actual = tmp_path / "expected", tmp_path / "actual"
    expected.write_bytes(b"\n" * 20_000_000)
    actual.write_bytes(b"\n" * 19_999_999 + b"x")
    most = 200 << 20
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, expected, actual],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (most, most)),
    )
    assert ran.stderr == ""
    assert ran.stdout == "first different line: 20000000\nexpected: '\\n'\nactual:   'x'\n"
