import json
import struct
from pathlib import Path

import pytest

from worker.engine.errors import ModelError
from worker.engine.pipeline.model_files import check_file, check_folder, fingerprint


def tensors(path: Path, fill: bytes = b"\0" * 8) -> Path:
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(header)) + header + fill)
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    index = {
        "_class_name": "StableDiffusionPipeline",
        "unet": ["diffusers", "UNet2DConditionModel"],
        "scheduler": ["diffusers", "DDIMScheduler"],
        "safety_checker": [None, None],
    }
    tensors(tmp_path / "unet" / "diffusion_pytorch_model.safetensors")
    (tmp_path / "model_index.json").write_text(json.dumps(index))
    return tmp_path


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as error:
        check_folder("m", folder)
    return str(error.value)


def test_a_whole_folder_passes(model: Path):
    check_folder("m", model)


def test_a_missing_folder_is_named_with_what_to_do(tmp_path: Path):
    words = refusal(tmp_path / "absent")
    assert str(tmp_path / "absent") in words
    assert "Put its files there, or remove the entry." in words


def test_missing_weights_and_pickled_weights_are_the_same(model: Path):
    file = model / "unet" / "diffusion_pytorch_model.safetensors"
    file.rename(file.with_suffix(".bin"))
    assert "holds no .safetensors file" in refusal(model)


def test_a_cut_file_is_named_with_its_sizes(model: Path):
    file = model / "unet" / "diffusion_pytorch_model.safetensors"
    file.write_bytes(file.read_bytes()[:-3])
    assert "is cut off" in refusal(model)


@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", b"\xff" * 64, struct.pack("<Q", 2) + b"[]"])
def test_something_else_is_no_safetensors_file(tmp_path: Path, content: bytes):
    (tmp_path / "x.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match=r"not a safetensors file, or damaged|cut off"):
        check_file("m", tmp_path / "x.safetensors")


@pytest.mark.parametrize(
    "change",
    [{"_class_name": ["evil", "Pipeline"]}, {"unet": ["evil_module", "UNet"]}],
)
def test_models_bring_no_code(model: Path, change: dict[str, list[str]]):
    index = json.loads((model / "model_index.json").read_text())
    (model / "model_index.json").write_text(json.dumps(index | change))
    assert "Easel runs no code of models." in refusal(model)


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_an_unreadable_index_is_told(model: Path, text: str):
    (model / "model_index.json").write_text(text)
    assert "cannot be read as JSON" in refusal(model)


def test_fingerprints_tell_weights_apart(tmp_path: Path):
    one, two = tensors(tmp_path / "a" / "w.safetensors"), tensors(tmp_path / "b" / "w.safetensors")
    assert fingerprint([one]) == fingerprint([two])
    tensors(two, b"\0" * 7 + b"\1")
    assert fingerprint([one]) != fingerprint([two])
