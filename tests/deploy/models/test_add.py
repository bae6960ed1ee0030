"""`easel models add`: a table that the engine can read, made of what the files tell, and nothing else is touched."""

import json
import struct
from pathlib import Path

import pytest

from deploy.models.__main__ import main
from worker.engine.pipeline.model_config import ModelConfig, read
from worker.engine.pipeline.model_family import FAMILIES, of_folder, of_tensors
from worker.engine.settings import CATALOGUE

SD = "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
XL = "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight"
KINDS = {
    "sd15": {SD: [320, 768]},
    "sd21": {SD: [320, 1024]},
    "sdxl": {XL: [640, 2048]},
    "sd3": {"model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight": [3, 4]},
    "flux": {"double_blocks.0.img_attn.qkv.weight": [3, 4]},
}


def checkpoint(path: Path, shapes: dict[str, list[int]]) -> Path:
    """A file that says it holds such tensors; as nobody reads them, they take no bytes."""
    header = json.dumps(
        {name: {"dtype": "F16", "shape": each, "data_offsets": [0, 0]} for name, each in shapes.items()}
    )
    path.write_bytes(struct.pack("<Q", len(header)) + header.encode())
    return path


def folder(path: Path, kind: str, **unet: int) -> Path:
    (path / "unet").mkdir(parents=True)
    (path / "model_index.json").write_text(
        json.dumps({"_class_name": kind, "unet": ["diffusers", "UNet2DConditionModel"]})
    )
    (path / "unet" / "config.json").write_text(json.dumps(unet))
    checkpoint(path / "unet" / "diffusion_pytorch_model.safetensors", {"a": [2, 3]})
    return path


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def only(catalogue: Path) -> ModelConfig:
    found = read(catalogue)
    assert found.problems == ()
    (entry,) = found.entries
    return entry


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_tells_what_it_is(here: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "files").mkdir()
    checkpoint(here / "files" / "My Model_v2.safetensors", KINDS[kind])
    assert main(["add", "files/My Model_v2.safetensors"]) == 0
    entry, family = only(here / "models.toml"), FAMILIES[kind]
    assert entry.info.id == "my-model-v2"
    assert entry.origin.source == "files/My Model_v2.safetensors"
    assert (entry.info.native_pixels, entry.info.steps) == (family.side**2, family.steps)
    said = capsys.readouterr().out
    assert said.startswith(f"models.toml has a model 'my-model-v2' now ({family.title}, licence unknown).\n")
    assert "Write EASEL_MODELS=models.toml into .env" in said


@pytest.mark.parametrize(
    ("kind", "unet", "family"),
    [
        ("StableDiffusionPipeline", {"cross_attention_dim": 768}, "sd15"),
        ("StableDiffusionPipeline", {"cross_attention_dim": 1024}, "sd21"),
        ("StableDiffusionXLPipeline", {}, "sdxl"),
        ("FluxPipeline", {}, "flux"),
        ("StableDiffusionPipeline", {"cross_attention_dim": 5}, None),
        ("OtherPipeline", {}, None),
    ],
)
def test_a_folder_tells_what_it_is(here: Path, kind: str, unet: dict[str, int], family: str | None) -> None:
    found = of_folder(folder(here / "one", kind, **unet))
    assert (found.name if found else None) == family


def test_a_folder_brings_its_licence(here: Path) -> None:
    folder(here / "one", "StableDiffusionXLPipeline")
    (here / "one" / "README.md").write_text("---\ntags:\n  - license: no\nlicense: openrail++\n---\nlicense: never\n")
    assert main(["add", "one"]) == 0
    assert only(here / "models.toml").info.licence == "openrail++"


def test_what_stands_there_stays_and_an_address_leads_there(here: Path) -> None:
    (here / "sub").mkdir()
    kept = '# mine\nbundled = false\n\n[[model]]\nid = "a"\ntitle = "A"\nsource = "own/er"\nrevision = "abc"\n'
    (here / "sub" / "mine.toml").write_text(kept)
    checkpoint(here / "b.safetensors", KINDS["sdxl"])
    assert main(["add", "b.safetensors", "--file", "sub/mine.toml", "--licence", "MIT", "--title", 'A "B" ☃']) == 0
    assert (here / "sub" / "mine.toml").read_text().startswith(kept)
    found = read(here / "sub" / "mine.toml")
    assert ([each.info.id for each in found.entries], found.with_bundled) == (["a", "b"], False)
    assert found.entries[1].origin.source == "../b.safetensors"
    assert (found.entries[1].info.title, found.entries[1].info.licence) == ('A "B" ☃', "MIT")


def test_where_family_and_commit_are_said_the_hub_is_not_asked(here: Path) -> None:
    assert main(["add", "own/er", "--family", "sdxl", "--revision", "abc"]) == 0
    assert only(here / "models.toml").origin.revision == "abc"


@pytest.mark.parametrize(
    ("source", "arguments", "words"),
    [
        ("absent.safetensors", [], "does not exist"),
        ("cut.safetensors", [], "is not a safetensors file, or damaged"),
        ("old.ckpt", [], "Easel loads nothing that can run code"),
        ("strange.safetensors", [], "cannot be told; say --family"),
        ("good.safetensors", ["--id", "A B"], "The table cannot be used: "),
        ("good.safetensors", ["--title", "x" * 200], "The table cannot be used: "),
        ("good.safetensors", ["--title", "\x7f"], "is not valid TOML"),
        ("empty", [], "model_index.json"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_is_written(
    here: Path, source: str, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "cut.safetensors").write_bytes(b"cut")
    (here / "old.ckpt").write_bytes(b"\x80")
    (here / "empty").mkdir()
    checkpoint(here / "strange.safetensors", {"a": [1]})
    checkpoint(here / "good.safetensors", KINDS["sd15"])
    before = sorted(here.rglob("*"))
    assert main(["add", source, *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.endswith("Nothing was written.\n")
    assert "Traceback" not in said
    assert sorted(here.rglob("*")) == before


@pytest.mark.parametrize("held", ["ü".encode("latin-1"), "title".encode("utf-16")])
def test_a_catalogue_that_cannot_be_read_stays_as_it_is(
    here: Path, held: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """As Windows' editors save such a file."""
    checkpoint(here / "b.safetensors", KINDS["sdxl"])
    (here / "models.toml").write_bytes(held)
    assert main(["add", "b.safetensors"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("EASEL_MODELS: models.toml is not valid TOML: ")
    assert said.endswith("Nothing was written.\n")
    assert (here / "models.toml").read_bytes() == held


def test_a_name_is_taken_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkpoint(here / "b.safetensors", KINDS["sdxl"])
    assert main(["add", "b.safetensors"]) == 0
    before = (here / "models.toml").read_bytes()
    assert main(["add", "b.safetensors"]) == 2
    assert "has a model 'b' already; choose another name with --id" in capsys.readouterr().err
    assert (here / "models.toml").read_bytes() == before


def test_the_starter_is_stable_diffusion_of_no_usual_size() -> None:
    """Its text encoder has a width of its own: a person would have to say which kind it is like."""
    assert of_folder(CATALOGUE.parents[1] / "starter" / "weights") is None
    assert of_tensors({}) is None
