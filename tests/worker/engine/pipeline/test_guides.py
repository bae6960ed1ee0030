"""Pictures that are followed, on tiny models: what diffusers' own pipelines make of them, and nothing stays behind."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import diffusers  # noqa: E402
from diffusers import ControlNetModel, UNet2DConditionModel  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.families import backend as tiny_backend  # noqa: E402
from tests.worker.engine.families.backend import Drawn, drawn, on  # noqa: E402
from worker.contract.types.operation import SourcePicture, SourceRole  # noqa: E402
from worker.contract.types.request import Guide, Request, Scheduler  # noqa: E402
from worker.engine.errors import ModelGoneError, OutOfMemoryError, RenderCancelledError, UnfitError  # noqa: E402
from worker.engine.pipeline import fit, stepped  # noqa: E402
from worker.engine.pipeline import guides as guides_module  # noqa: E402
from worker.engine.pipeline.diffusers_backend import DiffusersBackend  # noqa: E402
from worker.engine.pipeline.guide_files import control  # noqa: E402
from worker.engine.pipeline.schedulers import fresh  # noqa: E402
from worker.engine.protocol import RenderCall  # noqa: E402
from worker.engine.service.render_task import RenderTask  # noqa: E402
from worker.engine.service.sources import Sources  # noqa: E402
from worker.engine.step.advance import advance  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

MODELS = {"sd": "m0", "xl": "m1"}
WIDTH = {"m0": 32, "m1": 64}  # of what a model makes of texts
LOOKS = 32  # numbers that an image encoder makes of a picture


def control_net(folder: Path, unet: Any, seed: int) -> None:
    """One of the UNet's shape. Trained ones add something; a new one nothing."""
    torch.manual_seed(seed)
    made = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(8, 16))
    for block in (*made.controlnet_down_blocks, made.controlnet_mid_block, made.controlnet_cond_embedding.conv_out):
        torch.nn.init.normal_(block.weight, std=0.2)
    made.save_pretrained(folder)


def image_encoder(folder: Path) -> None:
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(3)
    CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=24, intermediate_size=37, num_hidden_layers=2, num_attention_heads=4, image_size=32,
            patch_size=8, projection_dim=LOOKS,
        )
    ).save_pretrained(folder)  # fmt: skip


def ip_adapter(file: Path, unet: Any, width: int) -> None:
    """As their makers write them: attentions are numbered, those to texts alone have weights."""
    dice = torch.Generator().manual_seed(4)

    def noise(*shape: int) -> Any:
        return torch.randn(*shape, generator=dice) * 0.3

    state = {
        "image_proj.proj.weight": noise(4 * width, LOOKS), "image_proj.proj.bias": noise(4 * width),
        "image_proj.norm.weight": torch.ones(width), "image_proj.norm.bias": noise(width),
    }  # fmt: skip
    for number, name in enumerate(unet.attn_processors):
        if not name.endswith("attn1.processor"):
            own = unet.get_submodule(name.removesuffix(".processor")).to_k.weight
            for side in ("k", "v"):
                state[f"ip_adapter.{number}.to_{side}_ip.weight"] = noise(*own.shape)
    save_file(state, file)


def table(name: str, kind: str, source: str, **more: str) -> str:
    lines = {"id": name, "title": name.title(), "kind": kind, "source": source} | more
    return "[[model.guide]]\n" + "".join(f'{key} = "{value}"\n' for key, value in lines.items())


class Files:
    """Guides of tiny models, beside them in one catalogue."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.models = tiny.build(folder / "sd"), tiny.build_xl(folder / "xl")
        image_encoder(folder / "clip")
        for model, where in zip(MODELS.values(), self.models, strict=True):
            unet = UNet2DConditionModel.from_pretrained(where / "unet")
            control_net(folder / f"{model}-canny", unet, 1)
            control_net(folder / f"{model}-tile", unet, 2)
            ip_adapter(folder / f"{model}-style.safetensors", unet, WIDTH[model])

    def of(self, model: str, kind: str) -> str:
        return f"{model}-{kind}/diffusion_pytorch_model.safetensors"

    def catalogue(self, *more: str) -> Path:
        """All of them, or those of the first model with more."""
        models = self.models[:1] if more else self.models
        listed = tiny.catalogue(self.folder, *models).read_text().split("[[model]]\n")
        for number, model in enumerate([*MODELS.values()][: len(models)], 1):
            listed[number] += "".join(
                [table(kind, kind, self.of(model, kind)) for kind in ("canny", "tile")]
                + [table("style", "style", f"{model}-style.safetensors", encoder="clip/model.safetensors")]
            )
        listed[1] += "".join(more)
        path = self.folder / "models.toml"
        path.write_text("[[model]]\n".join(listed))
        return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("guides"))


@pytest.fixture(scope="module")
def backend(files: Files) -> DiffusersBackend:
    made = tiny_backend.loaded(files.catalogue())
    assert made.problems() == ()
    return made


def guide(name: str, weight: float = 1.0) -> Guide:
    role = SourceRole.REFERENCE if name == "style" else SourceRole.GUIDE
    return Guide(id=name, weight=weight, picture=SourcePicture(role=role, width=64, height=64))


def following(model: str, *guides: Guide, **more: Any) -> Request:
    return on(model, guides=guides, **more)


def picture(colour: str = "red") -> Image.Image:
    made = Image.linear_gradient("L").resize((64, 64)).convert("RGB")
    ImageDraw.Draw(made).ellipse((8, 8, 40, 40), fill=colour)
    return made


def held(backend: DiffusersBackend, model: str) -> Any:
    assert backend._cache is not None
    return backend._cache.take(backend._resolved[model])


def ours(backend: DiffusersBackend, request: Request, *pictures: Image.Image) -> Any:
    """Latents after the last step."""
    loaded = held(backend, request.model)
    stepper = loaded.stepper
    loaded.use(request)
    followed = loaded.guides.conditions(request.guides, pictures)
    table_ = stepper.table(request, lambda: fresh(request.scheduler, loaded.scheduler, request.steps))
    begun = [*stepped.start(stepper, table_, request, [*range(request.count)], {}, followed).values()]
    while not begun[0].over:
        advance(stepper.family, begun, 64)
    loaded.use(on(request.model))
    return torch.stack([each.latents for each in begun])


def stock(pipeline: Any, request: Request, **more: Any) -> Any:
    return pipeline(
        request.prompt, negative_prompt=request.negative_prompt or None, width=request.width, height=request.height,
        num_inference_steps=request.steps, guidance_scale=request.guidance_scale, num_images_per_prompt=request.count,
        generator=[torch.Generator().manual_seed(request.seed_of(index)) for index in range(request.count)],
        output_type="latent", **more,
    ).images  # fmt: skip


def apart(one: Any, other: Any) -> float:
    return float((one - other).abs().max() / max(1.0, float(other.abs().max())))


@pytest.mark.parametrize(("model", "guidance"), [("m0", 4.0), ("m0", 1.0), ("m1", 4.0)])
def test_control_nets_do_what_they_do_in_their_own_pipeline(
    files: Files, backend: DiffusersBackend, model: str, guidance: float
) -> None:
    kind = {"m0": "StableDiffusionControlNetPipeline", "m1": "StableDiffusionXLControlNetPipeline"}[model]
    pipeline = held(backend, model).pipeline
    nets = [diffusers.ControlNetModel.from_pretrained(files.folder / f"{model}-{kind}") for kind in ("canny", "tile")]
    checker = {"requires_safety_checker": False} if model == "m0" else {}
    own = getattr(diffusers, kind)(**pipeline.components, controlnet=nets, **checker)
    own.set_progress_bar_config(disable=True)
    request = following(model, guide("canny", 0.7), guide("tile", 1.2), count=2, guidance_scale=guidance)
    pictures = [picture(), picture("blue")]
    found = ours(backend, request, *pictures)
    wanted = stock(own, request, image=pictures, controlnet_conditioning_scale=[0.7, 1.2])
    assert apart(found, wanted) <= 1e-4
    alone = request.model_copy(update={"guides": (guide("canny", 0.7),)})
    assert apart(ours(backend, alone, pictures[0]), wanted) > 1e-3


@pytest.mark.parametrize(("model", "guidance"), [("m0", 4.0), ("m0", 1.0), ("m1", 4.0)])
def test_a_reference_does_what_it_does_in_the_models_own_pipeline(
    files: Files, backend: DiffusersBackend, model: str, guidance: float
) -> None:
    request = following(model, guide("style", 0.8), count=2, guidance_scale=guidance)
    found = ours(backend, request, picture())
    resolved = backend._resolved[model]
    own = diffusers.DiffusionPipeline.from_pretrained(resolved.path, torch_dtype=torch.float32)
    own.set_progress_bar_config(disable=True)
    own.load_ip_adapter(
        str(files.folder), subfolder="", weight_name=f"{model}-style.safetensors",
        image_encoder_folder=str(files.folder / "clip"), low_cpu_mem_usage=False,
    )  # fmt: skip
    own.set_ip_adapter_scale(0.8)
    wanted = stock(own, request, ip_adapter_image=picture())
    assert apart(found, wanted) <= 1e-4
    other = ours(backend, request, picture("blue").rotate(90))
    assert apart(other, wanted) > 1e-3


async def test_nothing_of_them_stays(backend: DiffusersBackend) -> None:
    model = "m1"
    (before,) = await drawn(backend, on(model))
    (styled,) = await drawn(backend, following(model, guide("style"), guide("canny")), picture(), picture())
    (weaker,) = await drawn(backend, following(model, guide("style", 0.2), guide("canny")), picture(), picture())
    assert len({image.tobytes() for image in (before, styled, weaker)}) == 3
    assert (await drawn(backend, on(model)))[0].tobytes() == before.tobytes()
    render = Drawn(backend, following(model, guide("style"), guide("canny")), picture(), picture())
    render.task.step = lambda *_: render.task.cancel()
    with pytest.raises(RenderCancelledError):
        await render.run()
    assert (await drawn(backend, on(model)))[0].tobytes() == before.tobytes()


async def test_people_with_and_without_are_drawn_in_turns_each_as_alone(backend: DiffusersBackend) -> None:
    """What shares its networks shares calls, whatever its picture and weight; a reference has one weight for all."""
    wishes: list[tuple[Request, tuple[Image.Image, ...]]] = [
        (following("m0", guide("canny")), (picture(),)),
        (on("m0"), ()),
        (following("m0", guide("canny", 0.3), seed=3), (picture("blue"),)),
        (following("m0", guide("style")), (picture(),)),
        (following("m0", guide("style", 0.4)), (picture(),)),
        (following("m0", guide("tile"), guide("style")), (picture(), picture())),
    ]
    alone = [(await drawn(backend, wish, *given))[0].tobytes() for wish, given in wishes]
    with ThreadPoolExecutor(1) as pool:
        tasks = [
            RenderTask(RenderCall(id=f"j{number}", request=wish), pool, sources=Sources(given))
            for number, (wish, given) in enumerate(wishes)
        ]
        got: dict[RenderTask, bytes] = {}
        for task in tasks:
            task.picture = lambda _, image, *__, task=task: got.update({task: image.tobytes()})
            assert backend.accepts(task)
            backend.begin(task)
        assert backend._drawing is not None
        assert len(backend._drawing._groups) == 5
        ended: list[Any] = []
        while len(ended) < len(tasks):
            ended += await asyncio.to_thread(backend.turn)
    assert [each.error for each in ended] == [None] * len(tasks)
    off = [max(abs(a - b) for a, b in zip(got[task], one, strict=True)) for task, one in zip(tasks, alone, strict=True)]
    assert max(off) <= 1


async def test_a_picture_is_begun_with_and_another_one_followed(backend: DiffusersBackend) -> None:
    begun = {"operation": "img2img", "sources": [SourcePicture(width=64, height=64)], "strength": 0.6, "steps": 6}
    (plain,) = await drawn(backend, on("m0", **begun), picture())
    (led,) = await drawn(backend, following("m0", guide("canny"), **begun), picture(), picture("blue"))
    (again,) = await drawn(backend, following("m0", guide("canny"), **begun), picture(), picture("blue"))
    assert plain.tobytes() != led.tobytes() == again.tobytes()


@pytest.fixture
def narrow(backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Memory for one row of a call at a time."""
    family, rows = held(backend, "m0").stepper.family, list[int]()
    call = family.call

    def small(latents: Any, *args: Any) -> Any:
        rows.append(len(latents))
        if len(latents) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return call(latents, *args)

    monkeypatch.setattr(family, "call", small)
    yield rows
    held(backend, "m0").stepper.rows_fit.clear()


async def test_short_memory_takes_fewer_rows_and_only_of_what_follows(
    backend: DiffusersBackend, narrow: list[int]
) -> None:
    assert len(await drawn(backend, following("m0", guide("canny"), count=2), picture())) == 2
    assert narrow[-1] == 1
    assert {shape[3:] for shape in held(backend, "m0").stepper.rows_fit} == {(1,)}


async def test_a_network_that_does_not_fit_at_first_is_read_again_in_the_room_made(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(backend, "m0").guides._held.clear()
    tries = list[str]()

    def short(*args: Any) -> Any:
        tries.append("")
        if len(tries) < enough:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return control(*args)

    monkeypatch.setattr(guides_module, "control", short)
    enough = 2
    assert len(await drawn(backend, following("m0", guide("canny")), picture())) == 1
    held(backend, "m0").guides._held.clear()
    enough = 1000
    with pytest.raises(OutOfMemoryError):
        await drawn(backend, following("m0", guide("canny")), picture())
    assert len(await drawn(backend, on("m0"))) == 1


async def test_a_file_that_is_gone_ends_one_render(files: Files, backend: DiffusersBackend) -> None:
    (before,) = await drawn(backend, on("m1"))
    held(backend, "m1").guides._held.clear()
    file = files.folder / files.of("m1", "tile")
    moved = file.rename(file.with_suffix(".away"))
    try:
        with pytest.raises(ModelGoneError):
            await drawn(backend, following("m1", guide("style"), guide("tile")), picture(), picture())
        assert (await drawn(backend, on("m1")))[0].tobytes() == before.tobytes()
    finally:
        moved.rename(file)


async def test_a_sampler_that_no_table_describes_follows_nothing(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = held(backend, "m0")
    clipping = type(loaded.scheduler).from_config(loaded.scheduler.config, clip_sample=True)
    monkeypatch.setitem(loaded.__dict__, "scheduler", clipping)
    with pytest.raises(UnfitError):
        await drawn(backend, following("m0", guide("canny"), scheduler=Scheduler.DDIM), picture())


async def test_with_fewer_bits_and_parts_that_come_and_go_they_are_followed_as_well(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where weights are kept in eight bits, the networks beside them calculate as the model does."""
    listed = files.catalogue(" ")  # the first model alone
    monkeypatch.setattr(fit, "worth", lambda name, _values: name == "unet")
    smaller = 'quantize = "fp8"\noffload = "model"\n[[model.guide]]'
    listed.write_text(listed.read_text().replace("[[model.guide]]", smaller, 1))
    small = tiny_backend.loaded(listed)
    assert small.problems() == ()
    (plain,) = await drawn(small, on("m0"))
    unet = held(small, "m0").pipeline.unet
    assert unet.mid_block.resnets[0].conv1.weight.dtype == torch.float8_e4m3fn
    for name in ("canny", "style"):
        (led,) = await drawn(small, following("m0", guide(name)), picture())
        assert led.tobytes() != plain.tobytes()
        assert (await drawn(small, on("m0")))[0].tobytes() == plain.tobytes()


def test_they_are_published_and_asked_for(backend: DiffusersBackend) -> None:
    info = {each.id: each for each in backend.models()}
    for model in MODELS.values():
        assert [(each.id, each.kind) for each in info[model].guides] == [
            ("canny", "canny"), ("tile", "tile"), ("style", "style"),
        ]  # fmt: skip
        assert info[model].objection(following(model, guide("canny"), guide("style"))) is None


def test_what_cannot_be_used_is_left_out_in_words_and_the_rest_draws(files: Files) -> None:
    folder = files.folder
    (folder / "lonely").mkdir()
    whole = load_file(folder / files.of("m0", "canny"))
    save_file(whole, folder / "lonely" / "a.safetensors")
    for name, state in (("less", dict([*whole.items()][1:])), ("more", whole | {"x": torch.zeros(1)})):
        (folder / name).mkdir()
        save_file(state, folder / name / "a.safetensors")
        (folder / name / "config.json").write_bytes((folder / "m0-canny" / "config.json").read_bytes())
    wrong = {
        table("base", "canny", files.of("m1", "canny")): "is for another kind of model: its cross_attention_dim",
        table("lonely", "tile", "lonely/a.safetensors"): "There is no config.json beside",
        table("less", "tile", "less/a.safetensors"): "less/a.safetensors is not what its config.json says",
        table("more", "tile", "more/a.safetensors"): "more/a.safetensors is not what its config.json says",
        table("gone", "tile", "gone/a.safetensors"): "gone/a.safetensors does not exist.",
        table("pickle", "tile", "a.bin"): "guide pickle: source: source has to be a .safetensors file",
        table("depth", "depth", "a.safetensors"): "guide depth: kind: it must be canny, scribble, tile, style.",
        table("blind", "style", "m0-style.safetensors"): 'guide blind: encoder: it comes with kind = "style"',
        table("other", "style", "m1-style.safetensors", encoder="clip/model.safetensors"): "another kind of model or",
        table("face", "style", files.of("m0", "canny"), encoder="clip/model.safetensors"): "is no IP-Adapter, or of",
        table("deaf", "style", "m0-style.safetensors", encoder=files.of("m0", "canny")): "is no image encoder",
        table("canny", "canny", files.of("m0", "canny")): "guide canny: there is another one with this id",
        table("typo", "canny", files.of("m0", "canny"), colour="red"): "guide typo: there is no field colour",
    }  # fmt: skip
    made = tiny_backend.loaded(files.catalogue(*wrong))
    problems = "\n".join(made.problems())
    for words in wrong.values():
        assert words in problems
    assert all(each.endswith("This guide is left out.") for each in made.problems())
    assert [each.id for each in made.models()[0].guides] == ["canny", "tile", "style"]


def test_a_model_that_follows_nothing_says_so(tmp_path: Path) -> None:
    model = tiny.build_sd3(tmp_path / "sd3")
    made = tiny_backend.loaded(tiny.catalogue(tmp_path, model, more=table("canny", "canny", "a.safetensors")))
    (problem,) = made.problems()
    assert problem.endswith("model m0: Easel knows no way to follow pictures with it. Its guides are left out.")
    assert made.models()[0].guides == ()
