"""Whose turn it is at an engine, and when it is nobody's."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.worker.contract.factories import INFO
from worker.engine.protocol import Health, State
from worker.slot import engine_turn
from worker.slot.engine_turn import EngineTurn

READY = Health(state="ready", places=1, models=(INFO,))
Say = Callable[[Health], None]


@pytest.fixture
def health(monkeypatch: pytest.MonkeyPatch) -> Say:
    """Say how the engine is."""

    def say(state: Health) -> None:
        monkeypatch.setattr(engine_turn, "health", lambda _path: state)

    say(READY)
    return say


@pytest.fixture
def slots(folder: Path) -> Iterator[list[EngineTurn]]:
    """Two slots of one engine."""
    turns = [EngineTurn(folder / "e.sock", longest=20) for _ in range(2)]
    yield turns
    for turn in turns:
        turn.close()


@pytest.mark.parametrize("state", ["loading", "draining", "sick"])
def test_an_engine_that_is_not_ready_gives_nobody_a_turn(slots: list[EngineTurn], health: Say, state: State) -> None:
    health(READY.model_copy(update={"state": state}))
    assert slots[0].take() == ()


def test_without_room_the_turn_goes_back(slots: list[EngineTurn], health: Say) -> None:
    one, two = slots
    health(READY.model_copy(update={"places": 0}))
    assert one.take() == ()
    health(READY)
    assert two.take() != ()
    assert one.take() == ()


def test_a_turn_lasts_from_when_it_was_taken(slots: list[EngineTurn], health: Say, folder: Path) -> None:
    """The lock's file is as old as the engine; that makes no turn void."""
    one, two = slots
    os.utime(folder / "e.sock.turn", (1, 1))
    assert one.take() != ()
    for _ in range(3):
        assert two.take() == ()
