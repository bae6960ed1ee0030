import hashlib
import json
import struct
from pathlib import Path

import pytest

from worker.engine.errors import ModelError
from worker.engine.pipeline.model_files import CHECKSUMS, check_file, check_folder, fingerprint
from worker.engine.settings import CATALOGUE

STARTER = CATALOGUE.parents[1] / "starter" / "weights"


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


@pytest.mark.parametrize("part", ["unet", "scheduler", "tokenizer", "feature_extractor", "safety_checker", "anything"])
@pytest.mark.parametrize("library", ["evil_module", "os", "diffusers_modules.local", 3, ["diffusers"]])
def test_no_component_is_of_a_foreign_module(model: Path, part: str, library: object):
    index = json.loads((model / "model_index.json").read_text())
    (model / "model_index.json").write_text(json.dumps(index | {part: [library, "Thing"]}))
    assert "Easel runs no code of models." in refusal(model)


@pytest.mark.parametrize("key", ["auto_map", "custom_pipelines"])
@pytest.mark.parametrize("where", ["unet/config.json", "scheduler/scheduler_config.json", "tokenizer_config.json"])
@pytest.mark.parametrize("deep", [False, True])
def test_no_configuration_asks_for_code(model: Path, key: str, where: str, *, deep: bool):
    file = model / where
    file.parent.mkdir(exist_ok=True)
    asked = {key: {"AutoModel": "modeling.Model"}}
    file.write_text(json.dumps({"sub_configs": [asked]} if deep else asked))
    words = refusal(model)
    assert str(file) in words
    assert key in words
    assert "Easel runs no code of models." in words


def test_words_of_a_vocabulary_are_no_configuration(model: Path):
    (model / "unet" / "vocab.json").write_text('{"auto_map": 1}')
    check_folder("m", model)


@pytest.mark.parametrize("name", ["unet/diffusers.py", "scheduler/a/b.PY", "unet/fast.so", "unet/__pycache__/x.pyc"])
@pytest.mark.parametrize("linked", [False, True])
def test_no_component_brings_code(model: Path, tmp_path: Path, name: str, *, linked: bool):
    file = model / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.touch()
    if linked:
        moved = (model / file.relative_to(model).parts[0]).rename(tmp_path.with_name(tmp_path.name + "-elsewhere"))
        (model / file.relative_to(model).parts[0]).symlink_to(moved)
        (moved / "up").symlink_to(model)
    words = refusal(model)
    assert str(file) in words
    assert "Easel runs no code of models." in words


def test_code_elsewhere_is_named_in_the_log(model: Path, caplog: pytest.LogCaptureFixture):
    for name in ("pipeline.py", "examples/run.py"):
        (model / name).parent.mkdir(exist_ok=True)
        (model / name).touch()
    check_folder("m", model)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert str(model / "examples" / "run.py") in said[0]
    assert str(model / "pipeline.py") in said[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda folder, sums: sums, None),
        (lambda folder, sums: sums.replace("  ", " *"), None),
        (lambda folder, sums: sums.replace(sums[:4], "0000"), "is not the file that SHA256SUMS names"),
        (lambda folder, sums: sums + "0" * 64 + "  absent.json\n", "absent.json cannot be read"),
        (lambda folder, sums: "nonsense\n", "is damaged"),
        (lambda folder, sums: "\udcff", "cannot be read"),
    ],
)
def test_files_are_those_that_the_checksums_are_of(model: Path, change, words: str | None):
    file = "unet/diffusion_pytorch_model.safetensors"
    sums = f"{hashlib.sha256((model / file).read_bytes()).hexdigest()}  {file}\n"
    (model / CHECKSUMS).write_bytes(change(model, sums).encode(errors="surrogateescape"))
    if words is None:
        check_folder("m", model)
    else:
        assert words in refusal(model)


def test_the_starter_is_checked_whole():
    listed = {line.split(maxsplit=1)[1] for line in (STARTER / CHECKSUMS).read_text().splitlines()}
    there = {str(path.relative_to(STARTER)) for path in STARTER.rglob("*") if path.is_file()}
    assert there - {CHECKSUMS} == listed
    check_folder("starter", STARTER)


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_an_unreadable_index_is_told(model: Path, text: str):
    (model / "model_index.json").write_text(text)
    assert "cannot be read as JSON" in refusal(model)


def test_fingerprints_tell_weights_apart(tmp_path: Path):
    one, two = tensors(tmp_path / "a" / "w.safetensors"), tensors(tmp_path / "b" / "w.safetensors")
    assert fingerprint([one]) == fingerprint([two])
    tensors(two, b"\0" * 7 + b"\1")
    assert fingerprint([one]) != fingerprint([two])
