"""Models and LoRAs that come, change and go while an engine draws: the others are not touched."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.families import backend as tiny_backend  # noqa: E402
from tests.worker.engine.families.backend import Drawn, on  # noqa: E402
from worker.contract.types.request import Lora  # noqa: E402
from worker.engine.errors import ModelGoneError  # noqa: E402
from worker.engine.pipeline.diffusers_backend import DiffusersBackend  # noqa: E402
from worker.engine.pipeline.load_deaths import DEATHS, Died, mark_of  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

TABLE = "native_pixels = 4096\nside_min = 64\nside_max = 256\nsteps = 4\nguidance_scale = 5.0\n"
TO_K = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k"


def add(built: Path, put: Path, name: str) -> Path:
    (put / f"{name}.toml").write_text(TABLE)
    return Path(shutil.copytree(built, put / name))


def lora(path: Path, width: int = 32) -> None:
    down, up = torch.randn(2, width, generator=torch.Generator().manual_seed(1)), torch.ones(64, 2)
    save_file({f"unet.{TO_K}.lora_A.weight": down, f"unet.{TO_K}.lora_B.weight": up}, path)


def renewed(backend: DiffusersBackend) -> list[str]:
    """What is offered, once what is there has been seen twice."""
    backend.look()
    backend.look()
    backend.renew(lambda: None)
    return [each.id for each in backend.models()]


def held(backend: DiffusersBackend, model: str) -> Any:
    assert backend._cache is not None
    found = backend._cache.held(model)
    return found and found.pipeline


async def test_what_comes_is_drawn_with_and_what_goes_takes_nothing_along(tmp_path: Path) -> None:
    built, put = tiny.build(tmp_path / "sd"), tmp_path / "put"
    (put / "loras").mkdir(parents=True)
    backend = tiny_backend.loaded(tiny.catalogue(tmp_path, built), models_folder=put)
    first = held(backend, "m0")
    add(built, put, "mine")
    assert renewed(backend) == ["m0", "mine"]
    assert backend.problems() == ()
    (picture,) = await Drawn(backend, on("mine")).run()
    assert picture.size == (64, 64)

    weights = put / "mine" / "unet" / "diffusion_pytorch_model.safetensors"
    os.truncate(weights, weights.stat().st_size - 100)
    backend.look()
    backend.renew(lambda: None)
    assert [each.id for each in backend.models()] == ["m0", "mine"]  # it is still being written
    assert renewed(backend) == ["m0"]
    (problem,) = backend.problems()
    assert problem.startswith(f"{put / 'mine'}: ")
    assert "is cut off" in problem
    with pytest.raises(ModelGoneError):
        await Drawn(backend, on("mine")).run()

    shutil.rmtree(put / "mine")
    assert renewed(backend) == ["m0"]
    assert backend.problems() == ()
    assert held(backend, "m0") is first
    (plain,) = await Drawn(backend, on("m0")).run()

    add(built, put, "m0")
    lora(put / "loras" / "thick lines.safetensors")
    lora(put / "loras" / "other.safetensors", width=768)
    assert renewed(backend) == ["m0"]
    assert [each.id for each in backend.models()[0].loras] == ["thick-lines"]
    (with_it,) = await Drawn(backend, on("m0", loras=(Lora(id="thick-lines", weight=1),))).run()
    assert with_it.tobytes() != plain.tobytes()
    assert backend.problems() == (
        f"{put}/m0: {put.parent}/models.toml:2 has the id 'm0' already. Rename one. This one is left out.",
        f"{put}/loras/other.safetensors: it is for another kind of model than there are here. It is left out.",
    )
    (put / "loras" / "thick lines.safetensors").unlink()
    assert renewed(backend) == ["m0"]
    assert backend.models()[0].loras == ()


def test_what_engines_died_of_comes_last_and_is_left_out_where_there_are_others(tmp_path: Path) -> None:
    built = tiny.build(tmp_path / "sd")
    listed = tiny.catalogue(tmp_path, built, tiny.build(tmp_path / "other"))
    backend = tiny_backend.loaded(listed, models_held=1)
    assert backend._watched is not None
    for died, left in ({"m0"}, ["m1"]), ({"m1"}, ["m0"]), ({"m0", "m1"}, ["m0"]):
        backend._deaths._deaths = {mark_of(backend._resolved[each]): Died(DEATHS, DEATHS) for each in died}
        resolved = dict(backend._resolved)
        for config in [backend._resolved[each].config for each in ("m0", "m1")]:
            backend._let_go(config)
            backend._watched._taken.pop(config.info.id)
        backend._problems = ()
        backend.renew(lambda: None)
        assert [each.id for each in backend.models()] == left
        (problem,) = backend.problems()
        assert "the engine died 2 times while it read it. It is left out" in problem
        backend._resolved = resolved
