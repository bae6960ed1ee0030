"""A watched folder: what is offered of it, when, and in which words the rest is left out."""

import json
import math
import os
import struct
import time
from pathlib import Path

import pytest

from worker.engine.pipeline.watched_folder import Held, WatchedFolder, fitting

SD = "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
SDXL = "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight"
ATTENTION = "down_blocks.1.attentions.0.transformer_blocks.0.attn2"
MAKERS = {  # names of a LoRA's tensors at the layer that reads the words, as several makers write them
    "kohya": "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight",
    "peft": f"unet.{ATTENTION}.to_k.lora_A.weight",
    "adapter": f"unet.{ATTENTION}.to_k.lora_A.default.weight",
    "diffusers": f"unet.{ATTENTION}.to_k.lora.down.weight",
    "old": f"unet.{ATTENTION}.processor.to_k_lora.down.weight",
}


def write(path: Path, tensors: dict[str, list[int]], *, less: int = 0, age: float = 60) -> Path:
    """A file of zeros with these tensors, `less` bytes short, last written `age` seconds ago."""
    header, at = {}, 0
    for name, shape in tensors.items():
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [at, at := at + 2 * math.prod(shape)]}
    head = json.dumps(header).encode()
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes((struct.pack("<Q", len(head)) + head + bytes(at))[: -less or None])
    os.utime(path, (time.time() - age,) * 2)
    return path


def read(folder: Path) -> Held:
    watched = WatchedFolder(folder)
    assert watched.look()
    return watched.read()


def models(watched: WatchedFolder) -> list[str]:
    return [put.model.info.id for put in watched.read().models if put.model]


def test_what_is_still_being_copied_waits_and_what_is_written_anew_stays_what_it_was(tmp_path: Path) -> None:
    write(tmp_path / "first.safetensors", {SD: [1, 768]})
    watched = WatchedFolder(tmp_path)
    assert watched.look()
    assert models(watched) == ["first"]
    assert not watched.look()

    file = write(tmp_path / "second.safetensors", {SD: [1, 768]}, less=100)
    assert not watched.look()  # it was not there at the look before
    write(tmp_path / "second.safetensors", {SD: [1, 768]}, age=50)
    assert not watched.look()  # it has grown
    assert watched.look()
    assert models(watched) == ["first", "second"]
    assert watched.read().problems == ()

    write(file, {SD: [1, 768]}, less=10, age=40)
    assert not watched.look()
    assert models(watched) == ["first", "second"]  # as it was read
    assert watched.look()
    assert models(watched) == ["first"]
    assert "is cut off" in watched.read().problems[0]
    file.unlink()
    assert watched.look()
    assert watched.read().problems == ()
    assert not watched.look()


def test_at_the_first_look_only_what_is_old_is_whole(tmp_path: Path) -> None:
    write(tmp_path / "new.safetensors", {SD: [1, 768]}, age=0)
    watched = WatchedFolder(tmp_path)
    assert watched.look()
    assert models(watched) == []
    assert watched.look()
    assert models(watched) == ["new"]


def test_a_folder_that_we_cannot_reach_is_looked_for_again() -> None:
    """Such as one below `/home` for a service. Root is refused nothing, so here it is a name that is too long."""
    assert "there is no folder" in WatchedFolder(Path(f"/{'long' * 100}")).read().problems[0]


def test_a_folder_may_come_later(tmp_path: Path) -> None:
    watched = WatchedFolder(tmp_path / "models")
    watched.look()
    assert watched.read().problems == (
        f"EASEL_MODELS_FOLDER: there is no folder {tmp_path / 'models'}. Make it; it is looked for again.",
    )
    write(tmp_path / "models" / "a.safetensors", {SDXL: [1, 2048]})
    assert [watched.look(), watched.look()] == [False, True]
    assert models(watched) == ["a"]
    assert watched.read().problems == ()


def test_its_kind_says_what_usually_suits_it_and_a_table_beside_it_more(tmp_path: Path) -> None:
    write(tmp_path / "Juggernaut_XL v9.safetensors", {SDXL: [1, 2048]})
    write(tmp_path / "odd.safetensors", {"x": [1]})
    (tmp_path / "odd.toml").write_text('id = "mine"\ntitle = "Mine"\nsteps = 4\nnative_pixels = 4096\nside_min = 64\n')
    os.utime(tmp_path / "odd.toml", (1, 1))
    held = read(tmp_path)
    assert held.problems == ()
    xl, odd = (put.model for put in held.models)
    assert xl is not None and odd is not None  # noqa: PT018 - for mypy
    assert (xl.info.id, xl.info.title, xl.info.steps, xl.info.native_pixels) == (
        "juggernaut-xl-v9", "Juggernaut XL v9", 30, 1024**2,
    )  # fmt: skip
    assert xl.place == xl.origin.source == str(tmp_path / "Juggernaut_XL v9.safetensors")
    assert (odd.info.id, odd.info.title, odd.info.steps) == ("mine", "Mine", 4)


TOLD = "cannot be told. Write odd.toml beside it, with steps, guidance_scale and native_pixels"


@pytest.mark.parametrize(
    ("name", "tensors", "beside", "said"),
    [
        ("odd", {"x": [1]}, None, TOLD),
        ("a", {SD: [1, 768]}, "steps = ", "a.toml is not valid TOML: "),
        ("a", {SD: [1, 768]}, "steps = 0", "a.toml: steps: Input should be greater than or equal to 1"),
        ("a", {SD: [1, 768]}, "stepps = 3", "a.toml: there is no field stepps"),
        ("a", {SD: [1, 768]}, 'source = "b"', "a.toml says a source, which is what it lies beside"),
        ("loras/a", {SD: [1, 768]}, None, "it holds no LoRA, and models lie one folder above"),
        ("loras/a", {MAKERS["peft"]: [4, 768]}, "weight = 90", "a.toml: weight: Input should be less than or equal to"),
        ("a", {f"{SD}.scale_weight": [1]}, None, "holds 8-bit weights with scales of their own"),
    ],
)
def test_what_cannot_be_used_is_said(
    name: str, tensors: dict[str, list[int]], beside: str | None, said: str, tmp_path: Path
) -> None:
    file = write(tmp_path / f"{name}.safetensors", tensors)
    write(tmp_path / "well.safetensors", {SD: [1, 768]})
    if beside:
        file.with_suffix(".toml").write_text(beside)
        os.utime(file.with_suffix(".toml"), (1, 1))
    held = read(tmp_path)
    (problem,) = held.problems
    assert said in problem
    assert problem.startswith(str(file))
    assert problem.endswith(". It is left out.")
    assert [put.path.stem for put in held.models] == ["well"]


def test_pickles_and_code_are_never_read(tmp_path: Path) -> None:
    write(tmp_path / "a.ckpt", {SD: [1, 768]})
    folder = tmp_path / "coded"
    write(folder / "unet" / "model.safetensors", {"x": [1]})
    (folder / "model_index.json").write_text('{"_class_name": "P", "unet": ["strange", "UNet"]}')
    for each in folder.rglob("*"):
        os.utime(each, (1, 1))
    ckpt, coded = read(tmp_path).problems
    assert ckpt == f"{tmp_path}/a.ckpt: it is a pickle, which can run code. Convert it to .safetensors. It is left out."
    assert "asks for code of 'strange'" in coded


@pytest.mark.parametrize("name", MAKERS.values(), ids=MAKERS)
def test_a_lora_is_for_models_of_its_kind(name: str, tmp_path: Path) -> None:
    small = write(tmp_path / "sd.safetensors", {SD: [1, 768]})
    large = write(tmp_path / "xl.safetensors", {SDXL: [1, 2048]})
    unknown = write(tmp_path / "flux.safetensors", {"double_blocks.0.x": [1]})
    write(tmp_path / "loras" / "Pixel_Art.safetensors", {name: [4, 2048]})
    write(tmp_path / "beside.safetensors", {name: [4, 2048]})
    held = read(tmp_path)
    assert held.problems == ()
    assert len(held.models) == 3
    for path, ids in ((small, []), (large, ["beside", "pixel-art"]), (unknown, ["beside", "pixel-art"])):
        found, paths = fitting(held.loras, path)
        assert [each.id for each in found] == ids
        assert {path.stem for path in paths} == {"beside", "Pixel_Art"} & {path.stem for path in paths}
    assert found[1].info.title == "Pixel Art"
