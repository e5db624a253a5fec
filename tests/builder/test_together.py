"""Works side by side: what fails, what is told, and how many commands run at once."""

import sys
import threading

import pytest

from wasmbuild.builder.runninja import ENVIRONMENT_FILE, RunOptions, run_ninja
from wasmbuild.builder.slots import Slots
from wasmbuild.builder.together import Part, Stopped, Together, do_all
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.progress import Silent


class Told(Silent):
    def __init__(self):
        self.steps, self.texts = [], []

    def step(self, title, done=0, total=None):
        self.steps.append((title, done, total))

    def output(self, text):
        self.texts.append(text)


def failing(code, headline="it does not go"):
    def fail():
        raise WasmbuildError(Diagnostic(code, headline))

    return fail


def test_works_that_wait_for_each_other_are_all_done():
    first, second = threading.Event(), threading.Event()
    order = []

    def one():
        first.set()
        assert second.wait(60)
        order.append("one")

    def other():
        assert first.wait(60)
        order.append("other")
        second.set()

    do_all({"one": one, "other": other}, Together(Silent()))
    assert order == ["other", "one"]


def test_every_error_is_raised_in_the_order_of_the_works_and_what_is_of_the_machine_once():
    works = {"a": failing("a"), "b": failing("disk-full", "no space"), "c": failing("disk-full", "no space")}
    with pytest.raises(WasmbuildError) as raised:
        do_all(works, Together(Silent()))
    assert [each.code for each in raised.value.diagnostics] == ["a", "disk-full"]


def test_after_a_failure_nothing_more_begins_and_what_is_under_way_ends():
    whole, has_failed, done = Together(Silent()), threading.Event(), []

    def under_way():
        whole.begin()
        while not whole.has_failed:
            has_failed.wait(0.01)
        done.append("under way")
        whole.begin()
        done.append("begun")

    with pytest.raises(WasmbuildError):
        do_all({"under way": under_way, "fails": failing("x")}, whole)
    assert done == ["under way"]


def test_an_exception_of_another_kind_is_not_swallowed():
    def wrong():
        raise KeyError("x")

    with pytest.raises(KeyError):
        do_all({"a": failing("a"), "wrong": wrong}, Together(Silent()))


def test_commands_are_counted_together_and_bytes_are_not():
    told = Told()
    whole = Together(told)
    one, other, fetched = (
        Part(whole, "a", counts=True),
        Part(whole, "b", counts=True),
        Part(whole, "c", counts=False),
    )
    fetched.step("fetching c: c.tar", 1000, 5000)
    one.step("compile x.c", 1, 4)
    other.step("compile y.c", 2, 3)
    fetched.step("fetching c: c.tar", 2000, 5000)
    assert told.steps == [
        ("fetching c: c.tar", 1000, 5000),
        ("a: compile x.c", 1, 4),
        ("b: compile y.c", 3, 7),
        ("fetching c: c.tar", 3, 7),
    ]


def test_what_one_command_prints_stays_together():
    told = Told()
    whole = Together(told)
    one, other = Part(whole, "a", counts=True), Part(whole, "b", counts=True)
    for line in (1, 2):
        one.output(f"a{line}\n")
        other.output(f"b{line}\n")
    other.step("compile y.c", 1, 1)
    one.end()
    assert told.texts == ["b1\nb2\n", "a1\na2\n"]


def test_who_is_interrupted_stops_at_the_next_step():
    whole = Together(Silent())
    whole.is_interrupted = True
    with pytest.raises(Stopped):
        Part(whole, "a", counts=True).step("compile x.c", 1, 2)


COUNTS = """\
import os, pathlib, sys, time
here, mine = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[1], "running", str(os.getpid()))
mine.touch()
(here / "seen" / f"{os.getpid()}").write_text(str(len(list((here / "running").iterdir()))))
time.sleep(0.05)
mine.unlink()
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "mkfifo"), reason="no pipes with names")
@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_no_more_commands_run_at_once_than_were_asked_for_however_many_ninjas(jobs, tmp_path):
    for name in ("running", "seen"):
        (tmp_path / name).mkdir()
    (tmp_path / "count.py").write_text(COUNTS)
    works = {}
    whole = Together(Silent())
    slots = Slots(jobs)
    for number in range(3):
        directory = tmp_path / f"n{number}"
        (directory / "obj").mkdir(parents=True)
        (directory / ENVIRONMENT_FILE).write_text("{}")
        rule = f"rule r\n  command = {sys.executable} {tmp_path}/count.py {tmp_path} && touch $out\n"
        edges = "".join(f"build o{i}: r\n" for i in range(4))
        (directory / "build.ninja").write_text(rule + edges)

        def run(directory=directory):
            with slots.one(whole.begin):
                assert run_ninja(directory, "build.ninja", (), Silent(), RunOptions(jobs, slots=slots))

        works[str(number)] = run
    do_all(works, whole)
    slots.close()
    seen = [int(path.read_text()) for path in (tmp_path / "seen").iterdir()]
    assert len(seen) == 12
    assert max(seen) <= jobs
