import json

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from worker.engine.pipeline.upscale.compact import Compact
from worker.starter import upscaler
from worker.starter.data.emoji_art import Drawings
from worker.starter.loop import Length, Pace
from worker.starter.upscaler import UpscalerPlan
from worker.starter.vocabulary import STYLES, Subject, Vocabulary

pytestmark = pytest.mark.engine

PLAN = UpscalerPlan(
    length=Length(60), pace=Pace(2e-3, warmup=5), batch=4, side=64, drawings=4, pieces=3, features=12, convs=2
)
DISC = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="{}" fill="#{}"/></svg>'


@pytest.fixture(scope="module")
def drawings():
    pytest.importorskip("resvg_py")
    discs = tuple(DISC.format(1 + index % 3, f"{index * 40:02x}2020") for index in range(6))
    return Drawings((discs,), Vocabulary(tuple(Subject(str(i), (str(i),)) for i in range(6)), STYLES[:1]))


@pytest.fixture(scope="module")
def pieces(drawings, tmp_path_factory):
    return upscaler.pieces(drawings, PLAN, tmp_path_factory.mktemp("pieces") / "pieces.npy")


def test_pieces_are_cut_once_and_seeded(drawings, pieces, tmp_path):
    assert pieces.shape == (12, 64, 64, 4)
    assert np.array_equal(upscaler.pieces(drawings, PLAN, tmp_path / "pieces.npy"), pieces)


def test_batches_depend_on_the_step_alone(pieces, machine):
    stored = torch.from_numpy(np.array(pieces))
    first, again, other = (upscaler.draw_batch(stored, PLAN, step, machine) for step in (1, 1, 2))
    assert first[0].shape == (4, 3, 64, 64)
    assert first[1].shape == (4, 3, 16, 16)
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[1], other[1])


def test_it_learns_and_what_is_written_is_a_file_of_the_architecture(drawings, pieces, machine, tmp_path):
    fresh = Compact(PLAN.features, PLAN.convs)
    model = upscaler.train(pieces, PLAN, tmp_path / "run", machine)
    wanted = upscaler.unseen(drawings, PLAN, 2, size=64)
    before, after = upscaler.compare(fresh, wanted), upscaler.compare(model, wanted)
    assert after["upscaler"] > before["upscaler"]
    assert after["bicubic"] == before["bicubic"]
    path = tmp_path / "x4.safetensors"
    upscaler.write(model, path, after)
    again = Compact.of({name: value.float() for name, value in load_file(path).items()})
    assert again is not None
    assert upscaler.compare(again, wanted)["upscaler"] == pytest.approx(after["upscaler"], abs=0.1)
    with safe_open(path, "pt") as opened:
        assert json.loads(opened.metadata()["measured"]) == after
