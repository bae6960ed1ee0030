"""A call on a lent machine: small whole files whenever it ends, and a training that goes on from them."""

import asyncio
import inspect
import json
import lzma
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from worker.engine.pipeline.paint import PAINTS
from worker.starter import autoencoder, checkpoints, ema_shards, evaluate, gpu_call, latent_cache, recipe
from worker.starter.checkpoints import Mark
from worker.starter.data import emoji_art
from worker.starter.data.packages import DataError
from worker.starter.denoiser import DenoiserShape
from worker.starter.machine import Machine
from worker.starter.recipe import Run
from worker.starter.vocabulary import STYLES, Subject, Vocabulary

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]  # each trains a little: minutes where cores are busy

DEADLINE = 240.0
CHANNELS = (16, 16)
SMALL = """
import sys
from worker.starter import gpu_call, latent_cache, recipe
from worker.starter.__main__ import main
from worker.starter.data import emoji_art
emoji_art.SIZE, recipe._CAPTIONS_TO_LEARN_WORDS, gpu_call.MARGIN = 64, 300, 1
emoji_art.with_our_own = lambda found: found
latent_cache.preview_matrix.__wrapped__.__defaults__ = 3, 4
latent_cache.LatentCachePlan.__init__.__defaults__ = (2, *latent_cache.LatentCachePlan.__init__.__defaults__[1:])
sys.exit(main())
"""


@pytest.fixture
def lent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run of two subjects in two styles at 64 pixels, with the latents of a fresh autoencoder."""
    pytest.importorskip("resvg_py")
    monkeypatch.setattr(emoji_art, "SIZE", 64)
    monkeypatch.setattr(emoji_art, "with_our_own", lambda found: found)  # our drawings are hundreds
    monkeypatch.setattr(recipe, "_CAPTIONS_TO_LEARN_WORDS", 300)
    monkeypatch.setattr(gpu_call, "MARGIN", 1.0)
    monkeypatch.setattr(inspect.unwrap(latent_cache.preview_matrix), "__defaults__", (3, 4))  # seed, pictures
    init = latent_cache.LatentCachePlan.__init__
    monkeypatch.setattr(init, "__defaults__", (2, *(init.__defaults__ or ())[1:]))
    shapes = '<rect x="2" y="2" width="12" height="12" fill="#ff0000"/>', '<circle cx="8" cy="8" r="6" fill="#00f"/>'
    svgs = [[emoji_art.svg({"icons": {"a": {"body": one}}, "width": 16, "height": 16}, "a") for one in shapes]] * 2
    known = Vocabulary((Subject("square", ("square",)), Subject("disc", ("disc",))), STYLES[:2])
    stored = {"vocabulary": known.to_json(), "svgs": svgs}
    (tmp_path / emoji_art.DRAWINGS).write_bytes(lzma.compress(json.dumps(stored).encode()))
    torch.manual_seed(0)
    shape = autoencoder.AutoencoderShape((16, 16, 16, 16, 16))
    autoencoder.build(shape, 64).save_pretrained(tmp_path / "given")
    return Run(tmp_path, Machine.of("cpu"), encoder=tmp_path / "given", shape=DenoiserShape(channels=CHANNELS))


def average_in(run: Run) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    stored = load_file(run.folder / "denoiser" / checkpoints.NAME)
    start = "model.average."
    return {name.removeprefix(start): value for name, value in stored.items() if name.startswith(start)}


def test_a_call_leaves_small_files_of_its_running_average_and_the_next_goes_on(lent: Run, tmp_path: Path):
    out = tmp_path / "out"
    first = gpu_call.train(lent, out, seconds=4, later=1, text_minutes=0.01)
    assert first.step > 0
    files = list(out.iterdir())
    assert len(files) <= 8
    assert all(path.stat().st_size <= 16 * 2**20 for path in files)
    tensors, mark, texts = ema_shards.read(out)
    assert mark == first
    assert "tokenizer/tokenizer.json" in texts
    live = average_in(lent)
    assert tensors.keys() == live.keys()
    assert all(torch.equal(value, live[name].half().float()) for name, value in tensors.items())

    second = gpu_call.train(lent, out, seconds=4)
    assert second.step > first.step
    assert ema_shards.read(out)[1] == second


def test_what_came_back_can_be_exported_and_trained_on(lent: Run, tmp_path: Path):
    out = tmp_path / "out"
    mark = gpu_call.train(lent, out, seconds=4, text_minutes=0.01)
    here = replace(lent, cache=tmp_path / "elsewhere")
    here.cache.mkdir()
    (here.cache / emoji_art.DRAWINGS).write_bytes((tmp_path / emoji_art.DRAWINGS).read_bytes())
    assert gpu_call.take_back(here, out) == mark
    assert here.export(tmp_path / "weights") == mark.step
    assert evaluate.vocabulary_of(tmp_path / "weights").paints == tuple(paint.name for paint in PAINTS)
    sent = average_in(lent)
    assert all(torch.equal(value, sent[name].half().float()) for name, value in average_in(here).items())
    assert gpu_call.train(here, tmp_path / "more", seconds=4).step > mark.step
    with pytest.raises(DataError, match="farther than step"):
        gpu_call.take_back(here, out)


def test_exported_weights_go_on_where_their_training_is_gone(lent: Run, tmp_path: Path):
    gpu_call.train(lent, tmp_path / "out", seconds=4, text_minutes=0.01)
    lent.export(tmp_path / "weights")
    here = replace(lent, cache=tmp_path / "elsewhere")
    here.cache.mkdir()
    (here.cache / emoji_art.DRAWINGS).write_bytes((tmp_path / emoji_art.DRAWINGS).read_bytes())
    gpu_call.take_back(here, tmp_path / "weights")
    sent = average_in(lent)
    taken = average_in(here)
    assert taken.keys() == sent.keys()
    assert all(torch.equal(value, sent[name].half().float()) for name, value in taken.items())
    replace(here, steps=3).alone()
    assert here.export(tmp_path / "again") == 3
    before, after = (evaluate.vocabulary_of(tmp_path / name) for name in ("weights", "again"))
    assert (before.paints, before.subjects) == (after.paints, after.subjects)
    assert (before.usual_sentence, after.usual_sentence) == (False, True)
    (tmp_path / "weights" / "preview.json").unlink()
    with pytest.raises(DataError, match="no whole exported model"):
        gpu_call.take_back(replace(here, cache=tmp_path / "third"), tmp_path / "weights")


async def test_told_to_stop_it_writes_whole_files_first(lent: Run, tmp_path: Path):
    out, loss = tmp_path / "out", lent.folder / "denoiser" / "denoiser-loss.csv"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SMALL, "lent", "--out", str(out), "--seconds", "500", "--text-minutes", "0.01"),
        *("--cache", str(lent.cache), "--autoencoder", str(lent.encoder), "--device", "cpu", "--threads", "1"),
        *("--channels", ",".join(map(str, CHANNELS))),
        env=os.environ,
    )
    async with asyncio.timeout(DEADLINE):
        while not (loss.exists() and loss.stat().st_size):
            assert process.returncode is None
            await asyncio.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert ema_shards.read(out)[1] == checkpoints.done(lent.folder / "denoiser")


def test_files_of_two_moments_or_too_few_are_refused(tmp_path: Path):
    model = torch.nn.Linear(3000, 2000)
    early, late = tmp_path / "early", tmp_path / "late"
    ema_shards.write(early, model, Mark(1), {})
    ema_shards.write(late, model, Mark(2), {"a": "b"})
    tensors, mark, texts = ema_shards.read(late)
    assert (mark, texts) == (Mark(2), {"a": "b"})
    assert torch.equal(tensors["bias"], model.bias.half().float())
    name = "ema-1-of-1.safetensors"
    (late / name).write_bytes((early / name).read_bytes())
    with pytest.raises(DataError, match="of another moment"):
        ema_shards.read(late)
    (late / name).unlink()
    with pytest.raises(DataError, match="no whole running average"):
        ema_shards.read(late)
