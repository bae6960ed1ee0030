"""A model that the engine dies of while it reads it is left out, and never another one."""

import json
import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.worker.engine.pipeline.test_load import entry
from tests.worker.engine.pipeline.test_model_files import tensors
from worker.engine.errors import ModelError
from worker.engine.pipeline.fetch import ResolvedModel, fetch
from worker.engine.pipeline.load_deaths import DEATHS, ENDS, LoadDeaths


@pytest.fixture
def model(tmp_path: Path) -> ResolvedModel:
    return fetch(entry(tmp_path))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "engine.sock.reading"


def dies(kept: Path, model: ResolvedModel, keeper: str = "", *, told: bool = False) -> None:
    """A start of an engine under this supervisor that ends without another word, or was `told` to end."""
    deaths = LoadDeaths(kept, keeper)
    deaths.check(model)
    if child := os.fork():
        os.waitpid(child, 0)
        return
    with deaths.reading(model):
        if told:
            deaths.forgive()
        os._exit(9)


def test_it_is_left_out_after_some_deaths_in_a_row_and_in_words(kept: Path, model: ResolvedModel) -> None:
    for _ in range(DEATHS):
        dies(kept, model)
    with pytest.raises(ModelError) as told:
        LoadDeaths(kept).check(model)
    assert str(told.value) == (
        "model m: the engine died 2 times while it read it. It is left out, and the others are drawn. Put "
        f"another file in its place, or delete {kept} to have it tried again."
    )


def test_one_death_may_be_the_machines(kept: Path, model: ResolvedModel) -> None:
    dies(kept, model)
    deaths = LoadDeaths(kept)
    deaths.check(model)
    with deaths.reading(model):
        pass
    dies(kept, model)
    LoadDeaths(kept).check(model)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_what_ends_in_an_error_or_by_an_order_is_no_death(
    kept: Path, model: ResolvedModel, error: type[BaseException]
) -> None:
    for _ in range(DEATHS + 1):
        deaths = LoadDeaths(kept)
        deaths.check(model)
        with pytest.raises(error), deaths.reading(model):
            raise error
    assert json.loads(kept.read_text()) == {"deaths": {}, "reading": "", "keeper": ""}


def test_whoever_restarts_the_worker_while_it_reads_may_do_so_as_often_as_they_like(
    kept: Path, model: ResolvedModel
) -> None:
    """To read a large model takes minutes, and an engine that is told to end then does so at once."""
    for _ in range(ENDS + 1):
        dies(kept, model, told=True)
    LoadDeaths(kept).check(model)


def test_deaths_of_the_whole_worker_say_half_as_much(kept: Path, model: ResolvedModel) -> None:
    for start in range(ENDS):
        dies(kept, model, keeper=f"supervisor {start}")
    with pytest.raises(ModelError, match=f"died {ENDS} times"):
        LoadDeaths(kept, f"supervisor {ENDS}").check(model)


def test_what_was_told_to_end_before_it_read_anything_counts_as_little(kept: Path, model: ResolvedModel) -> None:
    for _ in range(DEATHS):
        deaths = LoadDeaths(kept)
        deaths.forgive()
        if child := os.fork():
            os.waitpid(child, 0)
            continue
        with deaths.reading(model):
            os._exit(9)
    LoadDeaths(kept).check(model)


def test_what_stood_at_its_name_before_is_forgotten_once_it_is_read(kept: Path, model: ResolvedModel) -> None:
    for _ in range(DEATHS):
        dies(kept, model)
    tensors(model.path, b"\1" * 8)
    deaths = LoadDeaths(kept)
    assert deaths.order(model.config)
    with deaths.reading(fetch(model.config)):
        pass
    assert not LoadDeaths(kept).order(model.config)


def test_other_models_and_other_files_in_its_place_are_read(kept: Path, model: ResolvedModel) -> None:
    for _ in range(DEATHS):
        dies(kept, model)
    deaths = LoadDeaths(kept)
    renamed = model.config.info.model_copy(update={"id": "other"})
    deaths.check(replace(model, config=replace(model.config, info=renamed)))
    tensors(model.path, b"\1" * 8)
    deaths.check(fetch(model.config))
    kept.unlink()
    LoadDeaths(kept).check(model)


@pytest.mark.parametrize(
    "damage", ["", "[]", "{", '{"deaths": {"m": "often"}}', '{"deaths": {"m": [null, 1]}}', '{"deaths": []}']
)
def test_a_damaged_file_leaves_nothing_out(
    kept: Path, model: ResolvedModel, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    kept.write_text(damage)
    LoadDeaths(kept).check(model)
    assert "cannot be read" in caplog.text


def test_where_nothing_can_be_kept_models_are_read_all_the_same(
    model: ResolvedModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (tmp_path / "no folder").write_text("")
    for folder in ("gone", "no folder"):
        with LoadDeaths(tmp_path / folder / "engine.sock.reading").reading(model):
            pass
    assert caplog.messages[-1].endswith("engine.sock.reading cannot be written: Not a directory")
