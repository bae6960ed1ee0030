"""Models in less memory: fewer bits a value, parts that come and go, and words where that cannot be."""

import importlib.util
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from PIL import Image  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.families import backend as tiny_backend  # noqa: E402
from tests.worker.engine.families import builders  # noqa: E402
from tests.worker.engine.families.backend import Drawn, drawn, on  # noqa: E402
from worker.contract.types.operation import SourcePicture  # noqa: E402
from worker.contract.types.windows import Outpaint  # noqa: E402
from worker.engine.pipeline import fit, low_memory  # noqa: E402
from worker.engine.pipeline.device import Device  # noqa: E402
from worker.engine.pipeline.diffusers_backend import DiffusersBackend  # noqa: E402
from worker.engine.pipeline.model_config import read  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

GB = 10**9
MAPS = Path("/proc/self/maps")
FLUX = {"transformer": 12 * GB, "text_encoder": GB // 8, "text_encoder_2": 5 * GB, "vae": GB // 12}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.build(tmp_path_factory.mktemp("sd"))


class Card(Device):
    """A card of so many GB, for sums alone."""

    def usage(self) -> dict[str, int]:
        return {"device_total": int(self.together * GB)}


def card(size: int) -> Device:
    return Card(torch.device("cuda"), torch.bfloat16, size)


@pytest.mark.parametrize(
    ("quantize", "offload", "gigabytes"),
    [(None, None, 34.4), (None, "model", 24), ("fp8", None, 17.4), ("fp8", "model", 12), ("nf4", None, 10.6)],
)
def test_what_weights_take(quantize: Any, offload: Any, gigabytes: float) -> None:
    assert fit.needed(FLUX, 2, quantize, offload) / GB == pytest.approx(gigabytes, abs=0.1)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (48, 'Write offload = "model" into its table: 24.0 GB at a time.'),
        (25, 'Write quantize = "fp8" into its table: they then take 17.4 GB.'),
        (18, 'Write quantize = "fp8" and offload = "model" into its table: they then take 12.0 GB at a time.'),
        (16, 'Write quantize = "nf4" into its table: they then take 10.6 GB.'),
        (11, 'Write quantize = "nf4" and offload = "model" into its table: they then take 7.2 GB at a time.'),
        (8, ""),
        (0, ""),
    ],
)
def test_what_fits_the_card_is_suggested(size: int, words: str) -> None:
    said = low_memory.advice(FLUX, 2, card(size))
    assert said.endswith(words)
    assert bool(said) is bool(words)
    assert not words or said.startswith("In full its weights take 34.4 GB, and the card has")


@pytest.mark.parametrize(("quantize", "package"), [("nf4", "bitsandbytes"), ("gguf", "gguf")])
def test_a_package_that_is_missing_is_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quantize: str, package: str
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *_: None if name == package else find(name))
    more = 'denoiser = "a.gguf"\n' if quantize == "gguf" else ""
    made = tiny_backend.loaded(tiny.catalogue(tmp_path, folder, more=f'quantize = "{quantize}"\n{more}'))
    (problem,) = made.problems()[:1]
    assert f'quantize = "{quantize}" needs the package {package}, which is not installed.' in problem
    assert f"Run `pip install {package}`" in problem


def test_four_bits_on_a_cpu_are_refused_in_words(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(low_memory, "must_have_package", lambda *_: None)
    made = tiny_backend.loaded(tiny.catalogue(tmp_path, folder, more='quantize = "nf4"\n'))
    assert 'quantize = "nf4" needs a graphics card, and Easel draws on the CPU here.' in made.problems()[0]


@pytest.mark.skipif(not MAPS.exists(), reason="needs a list of what is mapped")
def test_weights_in_memory_do_not_depend_on_their_files(folder: Path, tmp_path: Path) -> None:
    model = shutil.copytree(folder, tmp_path / "own")
    made = tiny_backend.loaded(tiny.catalogue(tmp_path, model))
    assert len(made.models()) == 1
    assert str(model) not in MAPS.read_text()  # a file that got shorter would end the process


def test_tensors_of_several_layers_stay_one() -> None:
    one, other = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    other.weight = torch.nn.Parameter(one.weight.data)
    low_memory.apart_from_files(SimpleNamespace(components={"a": torch.nn.ModuleList([one, other]), "b": None}))
    assert one.weight.data_ptr() == other.weight.data_ptr()
    assert one.bias.data_ptr() != other.bias.data_ptr()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ('quantize = "gguf"', 'quantize = "gguf" and denoiser = "<file>.gguf" come together'),
        ('denoiser = "a.gguf"', 'quantize = "gguf" and denoiser = "<file>.gguf" come together'),
        ('quantize = "int2"', "quantize: Input should be 'nf4', 'fp8' or 'gguf'"),
        ('offload = "disk"', "offload: Input should be 'model' or 'none'"),
    ],
)
def test_fields_that_do_not_go_together_are_told(tmp_path: Path, fields: str, words: str) -> None:
    listed = read(tiny.catalogue(tmp_path, Path("m"), more=fields))
    assert words in listed.problems[0]


async def test_eight_bits_draw_nearly_the_same_by_the_own_loop(folder: Path, tmp_path: Path) -> None:
    half = tmp_path / "half"
    half.mkdir()
    whole = tiny_backend.loaded(tiny.catalogue(tmp_path, folder))
    small = tiny_backend.loaded(tiny.catalogue(half, folder, more='quantize = "fp8"\n'))
    assert small.problems() == ()
    stored = _pipeline(small, "m0").unet.mid_block.resnets[0].conv1.weight
    assert stored.dtype == torch.float8_e4m3fn
    (one,), (other,) = [await drawn(each, on("m0")) for each in (whole, small)]
    assert one.tobytes() != other.tobytes()
    differences = torch.tensor([[*one.tobytes()], [*other.tobytes()]], dtype=torch.float32)
    assert (differences[0] - differences[1]).abs().mean() < 12  # of 255; other weights differ by 50
    assert (await drawn(small, on("m0")))[0].tobytes() == other.tobytes()


async def test_large_text_encoders_are_held_in_eight_bits_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "_LARGE", 0)
    small = tiny_backend.loaded(tiny_backend.catalogue(tmp_path, [builders.flux], 'quantize = "fp8"\n'))
    assert small.problems() == ()
    encoder = _pipeline(small, "flux").text_encoder_2
    kept = encoder.encoder.block[0].layer[-1].DenseReluDense
    assert (kept.wi.weight.dtype, kept.wo.weight.dtype) == (torch.float8_e4m3fn, torch.float32)
    assert len(await drawn(small, on("flux"))) == 1


async def test_parts_that_come_and_go_draw_the_same_pixels(folder: Path, tmp_path: Path) -> None:
    made = tiny_backend.loaded(
        tiny.catalogue(tmp_path, folder, more='offload = "model"\n')
    )  # on a CPU it changes nothing
    place = Outpaint(left=0, top=0, width=64, height=64, window_width=64, window_height=64)
    source = SourcePicture(width=64, height=64)
    beyond = on("m0", width=96, operation="outpaint", sources=(source,), outpaint=place, strength=1.0, steps=8)
    (one,), (wide,) = await drawn(made, on("m0")), await drawn(made, beyond, Image.new("RGB", (64, 64), "red"))
    # As on a card, with the CPU in its place: what brings parts there is called, and nothing goes.
    low_memory.place(_pipeline(made, "m0"), Device(torch.device("cpu:0"), torch.float32), None)
    _pipeline(made, "m0").enable_model_cpu_offload(device="cpu")
    assert _pipeline(made, "m0").unet._hf_hook is not None
    (other,), (wider,) = await drawn(made, on("m0")), await drawn(made, beyond, Image.new("RGB", (64, 64), "red"))
    assert (one.tobytes(), wide.tobytes()) == (other.tobytes(), wider.tobytes())


async def test_models_that_gave_their_memory_back_are_loaded_again_and_people_see_that(
    folder: Path, tmp_path: Path
) -> None:
    made = tiny_backend.loaded(tiny.catalogue(tmp_path, folder))
    before = Drawn(made, on("m0"))
    (one,) = await before.run()
    made.unload()
    assert made._cache is not None
    assert "m0" not in made._cache
    again = Drawn(made, on("m0"))
    (other,) = await again.run()
    phases = [[header.phase for header in render.told if header.kind == "phase"] for render in (before, again)]
    assert phases == [["encode", "steps", "decode"], ["load", "encode", "steps", "decode"]]
    assert one.tobytes() == other.tobytes()


async def test_a_denoiser_of_its_own_is_read_from_gguf(tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf")
    from safetensors.numpy import load_file

    model = tiny.save(tmp_path / "flux", lambda: builders.flux(tmp_path / "flux"))
    shutil.move(model / "transformer" / "diffusion_pytorch_model.safetensors", tmp_path / "whole.safetensors")
    writer = gguf.GGUFWriter(str(tmp_path / "whole.gguf"), "flux")
    for name, tensor in load_file(tmp_path / "whole.safetensors").items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    more = f'quantize = "gguf"\ndenoiser = "{tmp_path / "whole.gguf"}"\n'
    made = tiny_backend.loaded(tiny.catalogue(tmp_path, model, more=more))
    assert made.problems() == ()
    assert len(await drawn(made, on("m0"))) == 1


def test_another_file_is_no_gguf(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(low_memory, "must_have_package", lambda *_: None)
    (tmp_path / "a.gguf").write_bytes(b"none")
    for name, words in (("a.gguf", "a.gguf is not a GGUF file."), ("b.gguf", "b.gguf cannot be read: No such file")):
        more = f'quantize = "gguf"\ndenoiser = "{name}"\n'
        made = tiny_backend.loaded(tiny.catalogue(tmp_path, folder, more=more))
        assert words in made.problems()[0]


def _pipeline(backend: DiffusersBackend, model: str) -> Any:
    assert backend._cache is not None
    return backend._cache.take(backend._resolved[model]).pipeline
