"""The audit says all that was set, and what it says can be set and taken back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from worker.contract.types.server_changes import changes_between, replayed, undone, value_at, with_values
from worker.contract.types.server_settings import (
    Block,
    ChannelSettings,
    Grant,
    Limits,
    ServerSettings,
    Together,
    UsedUp,
    Usual,
    Whose,
)
from worker.contract.types.telling import Telling

ids = st.integers(1, 2**63)
limits = st.builds(
    Limits,
    at_once=st.none() | st.integers(1, 9),
    day_pictures=st.none() | st.integers(0, 9),
    megapixels=st.none() | st.floats(0.1, 4),
    models=st.none() | st.lists(st.sampled_from(["a", "b"]), min_size=1).map(tuple),
)
some_settings = st.builds(
    ServerSettings,
    each=limits,
    together=st.builds(Together, at_once=st.none() | st.integers(1, 9)),
    used_up=st.sampled_from(UsedUp),
    tell=st.none() | st.sampled_from(Telling),
    usual=st.builds(Usual, model=st.none() | st.just("a")),
    roles=st.dictionaries(ids, limits, max_size=2),
    channels=st.dictionaries(ids, st.builds(ChannelSettings, limits=limits, results_to=st.none() | ids), max_size=2),
    results_to=st.none() | ids,
    buttons=st.dictionaries(st.sampled_from(["upscale", "rerun"]), st.sampled_from(Whose)),
    blocked=st.dictionaries(ids, st.builds(Block, by=ids, why=st.sampled_from(["", "spam"])), max_size=2),
    grants=st.dictionaries(ids, st.builds(Grant, pictures=st.integers(1, 9), until=ids), max_size=2),
    paused=st.none() | st.text(max_size=9),
)


def lines(old, new):
    return changes_between(old, new, by=1, by_name="Max", at=2)


def said(settings):
    """What it says, whatever empty tables it has."""
    return with_values(settings, {})


@given(old=some_settings, new=some_settings)
def test_what_changed_leads_there_and_back(old: ServerSettings, new: ServerSettings) -> None:
    changes = lines(old, new)
    assert with_values(old, {each.key: each.new for each in changes}) == said(new)
    assert undone(new, changes) == said(old)
    assert all(value_at(new, each.key) == each.new and value_at(old, each.key) == each.old for each in changes)
    assert lines(new, said(new)) == []


@given(states=st.lists(some_settings, max_size=4))
def test_the_audit_alone_tells_what_is_set(states: list[ServerSettings]) -> None:
    told = [each for old, new in zip([ServerSettings(), *states], states, strict=False) for each in lines(old, new)]
    assert replayed(told) == said(states[-1] if states else ServerSettings())


def test_a_block_and_a_grant_change_as_one() -> None:
    new = ServerSettings(blocked={5: Block(by=1)}, grants={5: Grant(pictures=5, until=9)})
    assert [each.key for each in lines(ServerSettings(), new)] == ["blocked.5", "grants.5"]


@pytest.mark.parametrize(("key", "value"), [("each.at_once", 0), ("roles.x.steps", 5), ("grants.5", {"pictures": 1})])
def test_what_could_not_be_set_is_not_set(key: str, value: object) -> None:
    with pytest.raises(ValidationError):
        with_values(ServerSettings(), {key: value})
