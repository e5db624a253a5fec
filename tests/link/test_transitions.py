"""Libraries that come and go: a process as a value and a request in, the next value and what to do out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkvalues import I_I, function_import, got_func, library, scope_of

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.link import transitions as t
from wasmbuild.link.decide import Decision, decide
from wasmbuild.link.plan import FromModule, Stub, TableEntry
from wasmbuild.link.scope import Library
from wasmbuild.link.state import FIRST_NUMBER, ProcessState, initial_state
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType, MemInfo

NOW, GLOBAL = t.RTLD_NOW, t.RTLD_NOW | t.RTLD_GLOBAL


def process(*libraries: Library) -> ProcessState:
    scope = scope_of(*libraries)
    plan = decide(scope, {}).plan
    assert plan is not None
    return initial_state(scope.libraries, plan)


def opened(state: ProcessState, *libraries: Library, flags: int = NOW) -> t.Transition:
    answer = t.open_library(state, scope_of(*libraries), flags, {}, "")
    assert isinstance(answer, t.Transition), answer
    return answer


def closed(state: ProcessState, handle: int) -> ProcessState:
    """Closed, and everything unloaded that nobody keeps."""
    answer = t.close(state, handle)
    assert isinstance(answer, t.Transition), answer
    state = answer.state
    while group := t.next_to_leave(state):
        state = t.unload(state, group).state
    return state


ROOT = library("root", mem_info=MemInfo(64, 4, 2, 0))
PLUG = library("plug", functions={"f": I_I}, mem_info=MemInfo(100, 4, 3, 0))


def test_opening_grows_zeroes_instantiates_and_fills_and_then_calls() -> None:
    user = library("user", needed=("plug",), imports=(got_func("f"),), functions={abi.CALL_CTORS: FuncType()})
    before = process(ROOT)
    step = opened(before, user, PLUG)
    grow, zero, instantiate, fill = step.actions
    assert grow == t.Grow(step.state.memory.end, step.state.table.end)
    assert zero == t.Zero(step.state.members[FIRST_NUMBER + 1].memory[0], 100)
    assert isinstance(instantiate, t.Instantiate)
    assert [member.library.name for member, _ in instantiate.modules] == ["plug", "user"]
    assert isinstance(fill, t.Fill)
    assert [entry.function for entry in fill.entries] == [FromModule(FIRST_NUMBER + 1, "f")]
    assert [call.export for call in step.calls] == [abi.CALL_CTORS]
    assert step.value == t.handle_of(FIRST_NUMBER)


def test_nothing_that_was_given_is_changed() -> None:
    before = process(ROOT)
    copy = (dict(before.members), dict(before.entries), before.scope, before.memory, before.table, dict(before.numbers))
    step = opened(before, PLUG)
    closed(step.state, step.value)
    assert copy == (
        *(dict(before.members), dict(before.entries), before.scope, before.memory, before.table),
        dict(before.numbers),
    )


def test_a_second_opening_counts_and_does_nothing() -> None:
    first = opened(process(ROOT), PLUG)
    second = opened(first.state, PLUG)
    assert (second.value, second.actions, second.calls) == (first.value, (), ())
    assert t.next_to_leave(closed(second.state, first.value)) == ()
    assert closed(second.state, first.value).find(PLUG.identity) is not None
    assert closed(closed(second.state, first.value), first.value).find(PLUG.identity) is None


def test_what_leaves_gives_its_room_back_and_comes_back_to_the_same() -> None:
    state = process(ROOT)
    first = opened(state, PLUG)
    again = opened(closed(first.state, first.value), PLUG)
    assert again.value == first.value
    assert again.state.members[FIRST_NUMBER].memory == first.state.members[FIRST_NUMBER].memory
    assert again.state.members[FIRST_NUMBER].table == first.state.members[FIRST_NUMBER].table
    assert again.state.memory.end == first.state.memory.end


def test_the_failure_of_constructors_leaves_the_process_as_it_was() -> None:
    state = process(ROOT)
    step = opened(state, PLUG)
    undone = t.failed(step.state, [clear.member for clear in step.undo])
    assert dict(undone.state.members) == dict(state.members)
    assert (undone.state.scope, undone.state.counts, undone.state.kept) == (state.scope, state.counts, state.kept)
    assert undone.actions == step.undo


def test_what_a_failed_constructor_opened_goes_where_it_is_bound_to_what_failed() -> None:
    plug = opened(process(ROOT), PLUG, flags=GLOBAL)
    user = opened(plug.state, library("user", imports=(function_import("f"),)))
    undone = t.failed(user.state, [clear.member for clear in plug.undo])
    assert set(undone.state.members) == {0}
    assert t.next_to_leave(undone.state) == ()


def test_local_symbols_stay_local_and_global_ones_are_found_by_later_libraries() -> None:
    user = library("user", imports=(function_import("f"),))
    hidden = opened(process(ROOT), PLUG).state
    refused = t.open_library(hidden, scope_of(user), NOW, {}, "")
    assert isinstance(refused, Decision)
    assert [problem.import_.name for problem in refused.resolution.problems] == ["f"]
    shown = opened(process(ROOT), PLUG, flags=GLOBAL).state
    user_number = t.member_of(opened(shown, user).value)
    assert opened(shown, user).state.members[user_number].bound_to == {FIRST_NUMBER}


def test_who_is_bound_to_a_library_keeps_it() -> None:
    plug = opened(process(ROOT), PLUG, flags=GLOBAL)
    user = opened(plug.state, library("user", imports=(function_import("f"),)))
    state = closed(user.state, plug.value)
    assert state.find(PLUG.identity) is not None
    assert closed(state, user.value).find(PLUG.identity) is None


def test_two_that_need_each_other_leave_together_the_last_initialised_first() -> None:
    a = library("a", needed=("b",), imports=(function_import("g"),), functions={"f": I_I})
    b = library("b", needed=("a",), imports=(function_import("f"),), functions={"g": I_I})
    step = opened(process(ROOT), a, b)
    state = t.close(step.state, step.value)
    assert isinstance(state, t.Transition)
    group = t.next_to_leave(state.state)
    assert [state.state.members[number].library.name for number in group] == ["a", "b"]
    assert t.next_to_leave(t.unload(state.state, group).state) == ()


def test_a_destructor_that_opens_its_library_again_keeps_it() -> None:
    step = opened(process(ROOT), PLUG)
    state = t.close(step.state, step.value)
    assert isinstance(state, t.Transition)
    group = t.next_to_leave(state.state)
    reopened = opened(state.state, PLUG)
    assert t.unload(reopened.state, group).state.find(PLUG.identity) is not None


def test_a_function_gets_one_table_entry_for_all_who_ask() -> None:
    step = opened(process(ROOT), PLUG)
    first = t.symbol(step.state, step.value, "f")
    assert isinstance(first, t.Transition)
    grow, fill = first.actions
    assert isinstance(fill, t.Fill)
    assert fill.entries == (TableEntry(first.value, FromModule(FIRST_NUMBER, "f")),)
    assert grow == t.Grow(0, first.state.table.end)
    second = t.symbol(first.state, t.RTLD_DEFAULT, "f", FIRST_NUMBER)
    assert isinstance(second, t.Transition)
    assert (second.value, second.actions) == (first.value, ())
    assert closed(first.state, step.value).table.holes == ((process(ROOT).table.end, first.state.table.end - 3),)


def test_a_function_of_the_host_has_one_address_however_often_it_is_asked_for() -> None:
    asks = library("asks", imports=(got_func("log"),))
    first = t.open_library(process(ROOT), scope_of(asks), NOW, {"log": I_I}, "")
    assert isinstance(first, t.Transition)
    other = t.open_library(first.state, scope_of(library("other", imports=(got_func("log"),))), NOW, {"log": I_I}, "")
    assert isinstance(other, t.Transition)
    assert dict(other.state.host_entries) == dict(first.state.host_entries) == {"log": 3}
    assert [action for action in other.actions if isinstance(action, t.Fill)] == [t.Fill(())]
    assert other.state.table == first.state.table


@pytest.mark.parametrize(
    ("act", "code"),
    [
        pytest.param(lambda s: t.close(s, 3), "dl-handle", id="a handle of nothing"),
        pytest.param(lambda s: t.symbol(s, 0x50, "f"), "dl-handle", id="a symbol of nothing"),
        pytest.param(lambda s: t.symbol(s, t.RTLD_DEFAULT, "none"), "dl-symbol", id="a symbol that is nowhere"),
        pytest.param(
            lambda s: t.open_library(s, scope_of(PLUG), NOW | t.RTLD_NOLOAD, {}, ""),
            "dl-noload",
            id="not in the process",
        ),
        pytest.param(lambda s: t.mode_problem(0), "dl-mode", id="neither lazy nor now"),
        pytest.param(lambda s: t.mode_problem(NOW | 1 << 20), "dl-mode", id="a bit that means nothing"),
    ],
)
def test_what_is_refused(act: Callable[[ProcessState], object], code: str) -> None:
    answer = act(process(ROOT))
    assert isinstance(answer, Diagnostic)
    assert answer.code == code


def test_a_library_that_does_not_fit_into_the_memory_is_refused() -> None:
    huge = library("huge", mem_info=MemInfo(4_000_000_000, 4, 0, 0))
    twice = library("twice", needed=("huge",), mem_info=MemInfo(4_000_000_000, 4, 0, 0))
    answer = t.open_library(process(ROOT), scope_of(twice, huge), NOW, {}, "")
    assert isinstance(answer, Diagnostic)
    assert answer.code == "no-memory"


def test_a_joining_cycle_is_called_through_stubs() -> None:
    a = library("a", needed=("b",), imports=(function_import("g"),), functions={"f": I_I}, standard=())
    b = library("b", needed=("a",), imports=(function_import("f"),), functions={"g": I_I}, standard=())
    step = opened(process(ROOT), a, b)
    modules = next(action.modules for action in step.actions if isinstance(action, t.Instantiate))
    assert [plan.name for _, plan in modules] == ["b", "a"]
    assert isinstance(modules[0][1].imports[0], Stub)
    assert modules[1][1].imports == (FromModule(FIRST_NUMBER + 1, "g"),)


LIBRARIES = {
    "a": library("a", needed=("b",), imports=(function_import("g"),), mem_info=MemInfo(40, 3, 1, 0)),
    "b": library("b", functions={"g": I_I}, mem_info=MemInfo(24, 5, 2, 1)),
    "c": library("c", needed=("d",), imports=(function_import("h"),), functions={"k": I_I}),
    "d": library("d", needed=("c",), imports=(function_import("k"),), functions={"h": I_I}),
    "e": library("e", needed=("b", "d"), imports=(got_func("g"), got_func("h")), mem_info=MemInfo(8, 0, 4, 2)),
}


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(sorted(LIBRARIES))), max_size=30))
def test_whatever_is_opened_and_closed_all_of_it_leaves_in_the_end(steps: list[tuple[bool, str]]) -> None:
    start = process(ROOT)
    state, handles = start, list[int]()
    for opens, name in steps:
        if opens or not handles:
            others = tuple(each for key, each in LIBRARIES.items() if key != name)
            step = opened(state, LIBRARIES[name], *others)
            state = step.state
            handles.append(step.value)
        else:
            state = closed(state, handles.pop(len(name) % len(handles)))
        spans = sorted((m.memory[0], sum(m.memory)) for m in state.members.values() if m.memory[1])
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        indexes = [index for entries in state.entries.values() for index in entries.values()]
        assert len(indexes) == len(set(indexes))
    for handle in handles:
        state = closed(state, handle)
    assert dict(state.members) == dict(start.members)
    assert dict(state.entries) == dict(start.entries)
    assert (state.scope, dict(state.counts)) == (start.scope, {})
    assert sum(size for _, size in state.memory.holes) == state.memory.end - start.memory.end
    assert sum(size for _, size in state.table.holes) == state.table.end - start.table.end
