"""LoRAs of several makers on tiny models: what they add, that nothing of it stays, and words where they do not fit."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from PIL import Image  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.families import backend as tiny_backend  # noqa: E402
from tests.worker.engine.families import builders  # noqa: E402
from tests.worker.engine.families.backend import Drawn, drawn, on  # noqa: E402
from worker.contract.types.request import Lora, Request, Scheduler  # noqa: E402
from worker.engine.errors import ModelGoneError, RenderCancelledError  # noqa: E402
from worker.engine.pipeline.diffusers_backend import DiffusersBackend  # noqa: E402
from worker.engine.pipeline.stepped import _table  # noqa: E402
from worker.engine.protocol import RenderCall  # noqa: E402
from worker.engine.service.render_task import RenderTask  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

RANK = 3
ATTENTION = "down_blocks.1.attentions.0.transformer_blocks.0.attn1"
UNET = (f"{ATTENTION}.to_q", f"{ATTENTION}.to_out.0", "mid_block.resnets.0.conv1")
TEXT = ("encoder.layers.0.self_attn.q_proj", "encoder.layers.1.mlp.fc1")
BLOCK = "transformer_blocks.0.attn"  # of SD3's transformer

Pairs = dict[str, tuple[Any, Any]]  # path of a module → down and up


def pairs(pipeline: Any, part: str, names: tuple[str, ...], seed: int) -> Pairs:
    """Random ones for modules of a part of a pipeline."""
    dice = torch.Generator().manual_seed(seed)
    made: Pairs = {}
    for name in names:
        weight = getattr(pipeline, part).get_submodule(name).weight
        up = torch.randn(weight.shape[0], RANK, *[1] * (weight.dim() - 2), generator=dice)
        made[f"{part}.{name}"] = torch.randn(RANK, *weight.shape[1:], generator=dice) * 0.4, up * 0.4
    return made


def peft(found: Pairs) -> dict[str, Any]:
    """As diffusers and PEFT write them."""
    sides = (("A", 0), ("B", 1))
    return {f"{path}.lora_{side}.weight": pair[at] for path, pair in found.items() for side, at in sides}


def kohya(found: Pairs, alpha: float = 1.5) -> dict[str, Any]:
    """As kohya's scripts write them: flat names, and half of it where alpha is half of the rank."""
    made: dict[str, Any] = {}
    for path, (down, up) in found.items():
        part, _, rest = path.partition(".")
        start = "lora_unet" if part == "unet" else "lora_te_text_model"
        name = f"{start}_{rest.replace('.', '_')}"
        made |= {f"{name}.lora_down.weight": down, f"{name}.lora_up.weight": up, f"{name}.alpha": torch.tensor(alpha)}
    return made


def processors(found: Pairs) -> dict[str, Any]:
    """As the first diffusers wrote them."""
    made: dict[str, Any] = {}
    for path, (down, up) in found.items():
        attention, _, which = path.removesuffix(".0").rpartition(".")
        name = f"{attention}.processor.{which}_lora"
        made |= {f"{name}.down.weight": down, f"{name}.up.weight": up}
    return made


class Files:
    """LoRAs of tiny models, beside them in one catalogue: by id, its pairs and how much of them it adds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.added = folder, {}
        flux = tiny.save(folder / "flux", lambda: builders.flux(folder / "flux"))
        self.models = tiny.build(folder / "sd"), tiny.build_xl(folder / "xl"), tiny.build_sd3(folder / "sd3"), flux
        plain = tiny_backend.loaded(tiny.catalogue(folder, *self.models))
        assert plain._cache is not None
        self.pipelines = [plain._cache.take(plain._resolved[f"m{number}"]).pipeline for number in range(4)]

    def write(self, name: str, model: int, found: Pairs, state: dict[str, Any], scale: float, **metadata: str) -> str:
        self.added[name] = (f"m{model}", found, scale)
        save_file(state, self.folder / f"{name}.safetensors", metadata=metadata or None)
        return table(name)

    def catalogue(self) -> Path:
        sd, xl, sd3, flux = self.pipelines
        both = pairs(sd, "unet", UNET, 1) | pairs(sd, "text_encoder", TEXT, 2)
        unet, few = pairs(sd, "unet", UNET, 3), pairs(sd, "unet", UNET[:2], 4)
        large = pairs(xl, "unet", UNET, 5) | pairs(xl, "text_encoder_2", (f"text_model.{TEXT[1]}",), 6)
        straight = pairs(sd3, "transformer", (f"{BLOCK}.to_q", f"{BLOCK}.to_out.0"), 7)
        trained = json.dumps({"unet.lora_alpha": 1.5, "unet.r": RANK})
        of = [
            self.write("kohya", 0, both, kohya(both), 0.5),
            self.write("peft", 0, unet, peft(unet), 1.0),
            self.write("trained", 0, unet, peft(unet), 0.5, lora_adapter_metadata=trained),
            self.write("old", 0, few, processors(few), 1.0),
        ]
        listed = tiny.catalogue(self.folder, *self.models).read_text().split("[[model]]\n")
        listed[1] += "".join(of)
        packed = pairs(flux, "transformer", (f"{BLOCK}.to_q", f"single_{BLOCK}.to_v"), 10)
        packed |= pairs(flux, "text_encoder", TEXT[:1], 11)
        listed[2] += self.write("large", 1, large, peft(large), 1.0)
        listed[2] += self.write("fast", 1, large, peft(large), 1.0) + 'spacing = "trailing"\n'
        listed[4] += self.write("packed", 3, packed, peft(packed), 1.0)
        listed[3] += self.write("straight", 2, straight, peft(straight), 1.0)
        path = self.folder / "models.toml"
        path.write_text("[[model]]\n".join(listed))
        return path


def table(name: str, source: str = "") -> str:
    source = source or f"{name}.safetensors"
    return (
        f'[[model.lora]]\nid = "{name}"\ntitle = "{name.title()}"\nsource = "{source}"\ntriggers = ["{name} style"]\n'
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("loras"))


@pytest.fixture(scope="module")
def backend(files: Files) -> DiffusersBackend:
    made = tiny_backend.loaded(files.catalogue())
    assert made.problems() == ()
    return made


def using(model: str, *loras: str | tuple[str, float], **more: Any) -> Request:
    named = ((each, 1.0) if isinstance(each, str) else each for each in loras)
    return on(model, loras=tuple(Lora(id=name, weight=weight) for name, weight in named), **more)


@pytest.fixture
def merged(files: Files, backend: DiffusersBackend) -> Iterator[Any]:
    """What LoRAs mean: their products, added to the weights themselves."""
    kept: list[tuple[Any, Any]] = []

    def merge(name: str, weight: float = 1.0) -> None:
        model, found, scale = files.added[name]
        assert backend._cache is not None
        pipeline = backend._cache.take(backend._resolved[model]).pipeline
        for path, (down, up) in found.items():
            part, _, rest = path.partition(".")
            own = getattr(pipeline, part).get_submodule(rest).weight
            kept.append((own, own.data.clone()))
            own.data += weight * scale * torch.einsum("or...,ri...->oi...", up, down).view(own.shape)

    yield merge
    for own, before in reversed(kept):
        own.data.copy_(before)


def alike(one: Image.Image, other: Image.Image) -> bool:
    return max(abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True)) <= 2


@pytest.mark.parametrize("name", ["kohya", "peft", "trained", "old", "large", "straight", "packed"])
async def test_what_it_adds_is_what_its_product_adds_and_nothing_of_it_stays(
    files: Files, backend: DiffusersBackend, merged: Any, name: str
) -> None:
    model, *_ = files.added[name]
    (before,) = await drawn(backend, on(model))
    (styled,) = await drawn(backend, using(model, name))
    (after,) = await drawn(backend, on(model))
    assert after.tobytes() == before.tobytes()
    merged(name)
    other = tiny_backend.Drawn(backend, on(model, prompt="a red apple "))  # encoded anew: its text is another one
    _forget_texts(backend, model)
    (wanted,) = await other.run()
    assert alike(styled, wanted)
    assert not alike(styled, before)
    _forget_texts(backend, model)


def _forget_texts(backend: DiffusersBackend, model: str) -> None:
    assert backend._cache is not None
    stepper = backend._cache.take(backend._resolved[model]).stepper
    if stepper is not None:
        stepper.family._texts._known.clear()


async def test_several_are_added_by_their_weights(backend: DiffusersBackend, merged: Any) -> None:
    (styled,) = await drawn(backend, using("m0", ("peft", 0.5), ("old", -0.7)))
    (none,) = await drawn(backend, using("m0", ("peft", 0.0)))
    (before,) = await drawn(backend, on("m0"))
    assert none.tobytes() == before.tobytes()
    merged("peft", 0.5)
    merged("old", -0.7)
    assert alike(styled, (await drawn(backend, on("m0")))[0])


async def test_people_with_other_loras_are_drawn_in_turns_each_as_alone(backend: DiffusersBackend) -> None:
    wishes = [using("m0", "kohya"), on("m0"), using("m0", "peft"), using("m0", ("kohya", 0.5)), using("m0", "kohya")]
    alone = [(await drawn(backend, wish))[0].tobytes() for wish in wishes]
    with ThreadPoolExecutor(1) as pool:
        tasks = [RenderTask(RenderCall(id=f"j{n}", request=wish), pool) for n, wish in enumerate(wishes)]
        got: dict[RenderTask, bytes] = {}
        for task in tasks:
            task.picture = lambda _, image, *__, task=task: got.update({task: image.tobytes()})
            assert backend.accepts(task)
            backend.begin(task)
        assert backend._drawing is not None
        assert len(backend._drawing._groups) == 4  # the first and the last together
        ended: list[Any] = []
        while len(ended) < len(tasks):
            ended += await asyncio.to_thread(backend.turn)
    assert [each.error for each in ended] == [None] * len(tasks)
    apart = [
        max(abs(a - b) for a, b in zip(got[task], one, strict=True)) for task, one in zip(tasks, alone, strict=True)
    ]
    assert max(apart) <= 1


def test_a_distilled_one_has_its_samplers_steps_lie_as_it_was_trained(backend: DiffusersBackend) -> None:
    assert backend._cache is not None
    loaded = backend._cache.take(backend._resolved["m1"])
    last = {}
    for name in ("large", "fast"):
        asked = using("m1", name, scheduler=Scheduler.EULER, steps=4)
        assert loaded.stepper is not None
        last[name] = [*_table(loaded, loaded.stepper, asked).timesteps.tolist()]
    assert last == {"large": [751.0, 501.0, 251.0, 1.0], "fast": [999.0, 749.0, 499.0, 249.0]}
    assert loaded.scheduler.config.timestep_spacing == "leading"


async def test_a_cancelled_one_leaves_nothing(backend: DiffusersBackend) -> None:
    (before,) = await drawn(backend, on("m0"))
    render = Drawn(backend, using("m0", "kohya"))
    render.task.step = lambda *_: render.task.cancel()
    with pytest.raises(RenderCancelledError):
        await render.run()
    assert (await drawn(backend, on("m0")))[0].tobytes() == before.tobytes()


def test_they_are_published_and_asked_for(backend: DiffusersBackend) -> None:
    info = {each.id: each for each in backend.models()}
    assert [lora.id for lora in info["m0"].loras] == ["kohya", "peft", "trained", "old"]
    assert info["m0"].loras[0].triggers == ("kohya style",)
    assert info["m0"].objection(using("m0", "kohya")) is None
    objection = info["m1"].objection(using("m1", "kohya"))
    assert objection is not None
    assert objection.code == "no_such_lora"


def wrong(files: Files, folder: Path) -> dict[str, str]:
    """Tables that cannot be used, and a part of the words about each."""
    xl = files.pipelines[1]
    down, up = next(iter(pairs(xl, "unet", UNET[:1], 8).values()))
    deep = f"unet.{ATTENTION.replace('blocks.0', 'blocks.1')}.to_q"
    save_file(peft({deep: (down, up)}), folder / "base.safetensors")
    save_file(peft({f"unet.{UNET[0]}": (down[:, :3].contiguous(), up)}), folder / "size.safetensors")
    save_file({"lora_unet_a.hada_w1_a": down}, folder / "loha.safetensors")
    save_file({"something": down}, folder / "strange.safetensors")
    (folder / "cut.safetensors").write_bytes(b"cut")
    return {
        table("base"): f"base.safetensors is for another kind of model: this one has nothing that {deep} fits.",
        table("size"): f"this one has nothing that unet.{UNET[0]} fits.",
        table("loha"): "loha.safetensors is a LoHa, which is not read. Take a plain LoRA.",
        table("strange"): "strange.safetensors is",
        table("cut"): "cut.safetensors is not a safetensors file, or damaged.",
        table("gone"): "gone.safetensors does not exist.",
        table("pickle", "a.ckpt"): "LoRA pickle: source: source has to be a .safetensors file; nothing else is loaded.",
        '[[model.lora]]\nid = "bare"\n': "LoRA bare: the field title is missing.",
        table("twice") + "wieght = 1.0\n": "LoRA twice: there is no field wieght.",
    }


def test_what_does_not_fit_is_left_out_in_words_and_the_model_stays(files: Files, tmp_path: Path) -> None:
    bad = wrong(files, tmp_path)
    made = tiny_backend.loaded(tiny.catalogue(tmp_path, files.models[0], more="".join(bad)))
    (info,) = made.models()
    assert info.loras == ()
    for words in bad.values():
        assert sum(words in problem and problem.endswith("This LoRA is left out.") for problem in made.problems()) == 1


async def test_a_file_that_goes_under_a_running_engine_is_told(files: Files, tmp_path: Path) -> None:
    found = pairs(files.pipelines[0], "unet", UNET[:1], 9)
    save_file(peft(found), tmp_path / "some.safetensors")
    made = tiny_backend.loaded(tiny.catalogue(tmp_path, files.models[0], more=table("some")))
    (before,) = await drawn(made, on("m0"))
    (tmp_path / "some.safetensors").unlink()
    with pytest.raises(ModelGoneError):
        await drawn(made, using("m0", "some"))
    assert (await drawn(made, on("m0")))[0].tobytes() == before.tobytes()
