"""Lazy libraries: which wait, what comes with which, and that whatever comes finds what it is bound to."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkvalues import I_I, function_import, got_func, got_mem, library, scope_of
from msgspec.structs import replace

from wasmbuild.link.decide import decide
from wasmbuild.link.lazy import forced, loading
from wasmbuild.link.plan import FromModule, LinkPlan, Opener, Stub
from wasmbuild.link.resolve import Definition, Resolution, resolve
from wasmbuild.link.scope import Library, Scope

LETTERS = "abcdefgh"


def libraries_of(needs: str, imports: str = "") -> tuple[Library, ...]:
    """`a:bc? b:c c:`: a needs b, and c lazily. Each exports `fX`, and data `dX`. `a:fb,db` says what one imports."""
    wanted = dict(each.split(":") for each in imports.split())
    found = []
    for each in needs.split():
        name, _, needed = each.partition(":")
        names = needed.replace("?", "")
        asked = [symbol for symbol in wanted.get(name, "").split(",") if symbol]
        kinds = {"f": function_import, "d": got_mem, "p": lambda symbol: got_func(f"f{symbol[1:]}")}
        made = library(
            name,
            needed=tuple(names),
            imports=[kinds[symbol[0]](symbol) for symbol in asked],
            functions={f"f{name}": I_I},
            data={f"d{name}": 0},
        )
        lazy = frozenset(other for at, other in enumerate(needed) if needed[at + 1 : at + 2] == "?")
        found.append(replace(made, lazy=lazy))
    return tuple(found)


def scope_and_plan(needs: str, imports: str = "") -> tuple[Scope, LinkPlan]:
    scope = scope_of(*libraries_of(needs, imports))
    plan = decide(scope, {}).plan
    assert plan is not None
    return scope, plan


def names(scope: Scope, indexes: object) -> str:
    assert isinstance(indexes, tuple | frozenset)
    return "".join(scope.libraries[index].name for index in indexes)


@pytest.mark.parametrize(
    ("needs", "imports", "start", "groups"),
    [
        ("a:b c:b b:", "", "ba", {}),
        ("a:b? b:", "", "a", {"b": "b"}),
        ("a:b?c? b:d c:d d:", "", "a", {"d": "d", "b": "db", "c": "dc"}),
        ("a:b?c b: c:b", "", "bca", {}),  # who needs it at once decides
        ("a:b? b:c? c:", "", "a", {"c": "c", "b": "b"}),
        ("a:b?c b:c c:", "", "ca", {"b": "b"}),  # c comes before a although b would have come between
        ("a:b?c? b:c? c:b", "", "a", {"b": "b", "c": "bc"}),
        ("a:b? b:", "a:fb", "a", {"b": "b"}),
        ("a:b? b:", "a:pb", "a", {"b": "b"}),
        ("a:b? b:", "a:db", "ba", {}),
        ("a:b? b:c c:", "a:dc", "ca", {"b": "b"}),  # data of what a lazy library needs
        ("a:b?c? b:c? c:", "b:dc", "a", {"c": "c", "b": "cb"}),  # at once for b, which waits itself
        ("a:b?c? b: c:", "b:dc", "a", {"c": "c", "b": "cb"}),  # also where b does not need it by name
        ("a:b? b:a", "", "a", {"b": "b"}),
    ],
)
def test_what_is_there_at_the_start_and_what_comes_with_which(
    needs: str, imports: str, start: str, groups: dict[str, str]
) -> None:
    scope, plan = scope_and_plan(needs, imports)
    assert names(scope, plan.instantiate) == start
    assert {names(scope, (lazy.module,)): names(scope, lazy.instantiate) for lazy in plan.lazy} == groups


def test_data_that_keeps_a_library_from_waiting_is_named() -> None:
    scope = scope_of(*libraries_of("a:b?c? b: c:", "a:db,fb,fc"))
    (found,) = forced(scope, resolve(scope, {}))
    assert (names(scope, (found.library,)), names(scope, (found.importer,)), found.names) == ("b", "a", ("db",))


def test_a_function_has_one_entry_before_and_after() -> None:
    _, plan = scope_and_plan("a:bc? b:c? c:", "a:fc,pc b:fc,pc")
    (opener,) = plan.table_entries
    assert opener.function == Opener(2, "fc", I_I)
    (lazy,) = plan.lazy
    assert [(entry.index, entry.function) for entry in lazy.table_entries] == [(opener.index, FromModule(2, "fc"))]
    assert plan.modules[0].imports[-2] == plan.modules[1].imports[-2] == Stub(opener.index, I_I)


@st.composite
def lazy_graphs(draw: st.DrawFn) -> tuple[str, str]:
    count = draw(st.integers(2, len(LETTERS)))
    every = LETTERS[:count]
    needs, imports = [], []
    for name in every:
        others = draw(st.lists(st.sampled_from(every), unique=True, max_size=4))
        needs.append(name + ":" + "".join(o + draw(st.sampled_from(("", "?"))) for o in others))
        kinds = st.sampled_from([kind + o for kind in "fpd" for o in others] or ["f" + name])
        imports.append(name + ":" + ",".join(draw(st.lists(kinds, unique=True, max_size=4))))
    return " ".join(needs), " ".join(imports)


@settings(deadline=None, max_examples=200)
@given(lazy_graphs(), st.randoms(use_true_random=False))
def test_whoever_comes_in_whatever_order_finds_what_it_is_bound_to(graph: tuple[str, str], random: Random) -> None:
    scope = scope_of(*libraries_of(*graph))
    resolution = resolve(scope, {})
    when = loading(scope, resolution)
    plan = decide(scope, {}).plan
    assert plan is not None
    assert sorted(when.order) == list(range(len(scope.libraries)))
    assert {lazy.module for lazy in plan.lazy} == set(when.order) - set(plan.instantiate)
    there: set[int] = set()
    for each in plan.instantiate:
        _has_all(plan, resolution, each, there)
        there.add(each)
    at_start = set(there)
    lazies = list(plan.lazy)
    random.shuffle(lazies)
    by_module = {lazy.module: lazy for lazy in lazies}
    for lazy in lazies:
        new = [each for each in lazy.instantiate if each not in there]
        for each in new:
            _has_all(plan, resolution, each, there)
            there.add(each)
        assert lazy.module in there
        # What is needed at once, and data, are there.
        for each in new:
            for other in scope.needed[each]:
                assert other in there or other in scope.lazy[each]
            functions = [entry.function for entry in by_module[each].table_entries]
            assert all(isinstance(function, FromModule) and function.module == each for function in functions)
    for index, imports in enumerate(plan.modules):
        alone = at_start if index in at_start else at_start | when.along[index]
        for import_, binding in zip(imports.imports, resolution.bindings[index], strict=True):
            definition = getattr(binding, "definition", None)
            if getattr(binding, "kind", "") == "mem" and definition is not None:
                assert definition.library in alone, (import_, binding)


def _has_all(plan: LinkPlan, resolution: Resolution, index: int, there: set[int]) -> None:
    """What a module is given is there, or waits behind an opener."""
    openers = {entry.index for entry in plan.table_entries if isinstance(entry.function, Opener)}
    for value, binding in zip(plan.modules[index].imports, resolution.bindings[index], strict=True):
        if isinstance(value, FromModule):
            assert value.module in there
        if isinstance(value, Stub) and isinstance(binding, Definition) and binding.library not in plan.instantiate:
            assert value.table_index in openers
