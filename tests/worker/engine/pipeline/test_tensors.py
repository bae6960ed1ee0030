"""Files whose tensors are not those that the model's parts need."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import diffusers  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402

from tests.worker.engine import single, tiny  # noqa: E402
from tests.worker.engine.families.backend import drawn, loaded, on  # noqa: E402
from worker.engine.errors import ModelError, ModelGoneError  # noqa: E402
from worker.engine.pipeline import model_files  # noqa: E402
from worker.engine.pipeline.device import Device  # noqa: E402
from worker.engine.pipeline.fetch import fetch  # noqa: E402
from worker.engine.pipeline.load import LoadedModel, load  # noqa: E402
from worker.engine.pipeline.model_config import read  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore")]

Tensors = dict[str, Any]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.build(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "model")


def changed(file: Path, change: Callable[[Tensors], Any], to: Path | None = None) -> None:
    tensors = load_file(file)
    change(tensors)
    save_file(tensors, to or file, metadata={"format": "pt"})


def loads(folder: Path, model: Path, more: str = "") -> LoadedModel:
    (entry,) = read(tiny.catalogue(folder, model, more=more)).entries
    return load(fetch(entry), Device(torch.device("cpu"), torch.float32))


PARTS = {"unet": "diffusion_pytorch_model", "vae": "diffusion_pytorch_model", "text_encoder": "model"}


@pytest.mark.parametrize("part", PARTS)
def test_tensors_that_are_missing_are_named(folder: Path, part: str):
    changed(folder / part / f"{PARTS[part]}.safetensors", lambda tensors: tensors.popitem())
    with pytest.raises(ModelError, match=r"lacks \w+|holds [0-9,]+ of the [0-9,]+ numbers that CLIPTextModel"):
        loads(folder.parent, folder)


@pytest.mark.parametrize("part", ["unet", "vae"])
def test_tensors_that_nobody_needs_are_named(folder: Path, part: str):
    file = folder / part / "diffusion_pytorch_model.safetensors"
    changed(file, lambda tensors: tensors.update({"other.weight": torch.zeros(2)}))
    with pytest.raises(ModelError, match=r"holds other\.weight, which \w+ does not have"):
        loads(folder.parent, folder)


def test_tensors_that_the_library_passes_over_on_purpose_are_no_fault(folder: Path, monkeypatch: pytest.MonkeyPatch):
    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    changed(file, lambda tensors: tensors.update({"norm_added_q.weight": torch.zeros(2)}))
    monkeypatch.setattr(diffusers.UNet2DConditionModel, "_keys_to_ignore_on_load_unexpected", ["norm_added_q"])
    assert loads(folder.parent, folder).pipeline.vae is not None


def test_names_of_the_first_diffusers_are_known(folder: Path):
    def older(tensors: Tensors) -> None:
        for name in [name for name in tensors if ".mid_block.attentions.0.to_" in f".{name}"]:
            start, _, end = name.rpartition(".to_")
            old = {"q": "query", "k": "key", "v": "value", "out": "proj_attn"}[end.split(".")[0]]
            tensors[f"{start}.{old}.{name.rpartition('.')[2]}"] = tensors.pop(name)

    changed(folder / "vae" / "diffusion_pytorch_model.safetensors", older)
    assert loads(folder.parent, folder).pipeline.vae is not None


@pytest.mark.parametrize("name", ["a.scale_weight", "scaled_fp8", "a.weight_scale"])
def test_weights_with_scales_of_their_own_are_refused(folder: Path, name: str):
    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    changed(file, lambda tensors: tensors.update({name: torch.ones(1)}))
    with pytest.raises(ModelError, match=r"8-bit weights with scales of their own\. diffusers does not read those"):
        loads(folder.parent, folder)


def test_a_folder_with_two_formats_is_counted_once(folder: Path):
    (entry,) = read(tiny.catalogue(folder.parent, folder)).entries
    once = fetch(entry)
    for part, name in PARTS.items():
        file = folder / part / f"{name}.safetensors"
        halved = {key: value.half() for key, value in load_file(file).items()}
        save_file(halved, file.with_name(f"{name}.fp16.safetensors"), metadata={"format": "pt"})
    shutil.copy(folder / "unet" / "diffusion_pytorch_model.safetensors", folder / "all-in-one.safetensors")
    again = fetch(entry)
    assert (again.parts, again.revision) == (once.parts, once.revision)
    held = loads(folder.parent, folder, 'variant = "fp16"\n')
    assert held.resolved.parts == once.parts
    assert held.resolved.revision != once.revision


@pytest.mark.parametrize(
    ("names", "variant", "found"),
    [
        (["model.safetensors", "model.fp16.safetensors"], None, ["model.safetensors"]),
        (["model.safetensors", "model.fp16.safetensors"], "fp16", ["model.fp16.safetensors"]),
        (["model.safetensors"], "fp16", ["model.safetensors"]),
        (["m.fp16-00001-of-00002.safetensors", "m.safetensors"], "fp16", ["m.fp16-00001-of-00002.safetensors"]),
        (["m-00001-of-00002.fp16.safetensors", "m.safetensors"], "fp16", ["m-00001-of-00002.fp16.safetensors"]),
        (["m-00001-of-00002.safetensors", "m-00002-of-00002.safetensors"], None, None),
        (["Odd Name.safetensors"], None, None),
    ],
)
def test_of_a_parts_files_those_of_its_variant_are_read(
    tmp_path: Path, names: list[str], variant: str | None, found: list[str] | None
):
    for name in names:
        (tmp_path / name).touch()
    assert [file.name for file in model_files.chosen(tmp_path, variant)] == (found or names)


def test_a_single_file_says_what_it_predicts(whole: Path, tmp_path: Path):
    file = single.write(whole, tmp_path / "m.safetensors")
    plain = loads(tmp_path, file, f'config = "{whole}"\n').pipeline.scheduler.config
    assert plain.prediction_type == "epsilon"
    changed(file, lambda tensors: tensors.update({"v_pred": torch.zeros(1), "ztsnr": torch.zeros(1)}))
    told = loads(tmp_path, file, f'config = "{whole}"\n').pipeline.scheduler.config
    assert (told.prediction_type, told.rescale_betas_zero_snr, told.timestep_spacing) == (
        "v_prediction", True, "trailing",
    )  # fmt: skip


def test_a_single_file_that_lacks_tensors_is_refused(whole: Path, tmp_path: Path):
    file = single.write(whole, tmp_path / "m.safetensors")
    changed(file, lambda tensors: tensors.pop("model.diffusion_model.out.2.bias"))
    with pytest.raises(ModelError, match="it lacks tensors that a StableDiffusionPipeline needs"):
        loads(tmp_path, file, f'config = "{whole}"\n')


async def test_files_that_change_under_a_running_engine_are_named_as_what_they_are(whole: Path, tmp_path: Path):
    second = shutil.copytree(whole, tmp_path / "second")
    backend = loaded(tiny.catalogue(tmp_path, whole, second), models_held=1)
    before = backend._resolved["m1"].revision
    changed(second / "unet" / "diffusion_pytorch_model.safetensors", lambda tensors: tensors["conv_in.bias"].add_(1))
    assert len(await drawn(backend, on("m1"))) == 1
    assert backend._resolved["m1"].revision != before
    await drawn(backend, on("m0"))
    (second / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(b"x" * 100)
    with pytest.raises(ModelGoneError):
        await drawn(backend, on("m1"))
    assert [model.id for model in backend.models()] == ["m0"]
    assert "is not a safetensors file, or damaged" in backend.problems()[0]
    assert json.loads((second / "model_index.json").read_text())["_class_name"] == "StableDiffusionPipeline"
