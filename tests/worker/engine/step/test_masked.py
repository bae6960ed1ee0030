"""UNets for inpainting, which are shown a mask and what is around it: as diffusers' own pipelines have them draw."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import diffusers  # noqa: E402
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution  # noqa: E402
from PIL import Image  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.engines import asked  # noqa: E402
from worker.contract.types.guide_info import CANNY, GuideInfo  # noqa: E402
from worker.contract.types.operation import TAKES, Operation, SourcePicture  # noqa: E402
from worker.contract.types.request import Request, Scheduler  # noqa: E402
from worker.engine.errors import ModelError  # noqa: E402
from worker.engine.pipeline.guide_config import GuideConfig, GuideOrigin  # noqa: E402
from worker.engine.pipeline.guide_files import control  # noqa: E402
from worker.engine.pipeline.inpaint import encoded  # noqa: E402
from worker.engine.pipeline.preview import clean  # noqa: E402
from worker.engine.pipeline.schedulers import fresh  # noqa: E402
from worker.engine.pipeline.stepped import start  # noqa: E402
from worker.engine.step.advance import advance  # noqa: E402
from worker.engine.step.families.followed import picture_of, weight_of  # noqa: E402
from worker.engine.step.stepper import Stepper  # noqa: E402
from worker.engine.step.trajectory import Source  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

MODELS = {"sd": tiny.stable_diffusion, "xl": tiny.stable_diffusion_xl}
EMPTY = Image.new("L", (64, 64), "white")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, build in MODELS.items():
        torch.manual_seed(0)
        found[name] = tiny.inpainting(build(tmp_path_factory.mktemp(name), levels=4))
        found[name].set_progress_bar_config(disable=True)
        for part in ("vae", "text_encoder", "text_encoder_2"):
            if part in found[name].components:
                found[name].components[part].eval()
        found[name].scheduler.register_to_config(clip_sample=False)  # as models of these families say
    return found


@pytest.fixture(params=sorted(MODELS))
def pipeline(models: dict[str, Any], request: pytest.FixtureRequest) -> Any:
    return models[request.param]


@pytest.fixture(autouse=True)
def likeliest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Easel takes the likeliest latents of a picture; have the stock pipeline do likewise, which draws from around."""
    monkeypatch.setattr(DiagonalGaussianDistribution, "sample", lambda self, generator=None: self.mode())


def photograph() -> Image.Image:
    return Image.effect_noise((64, 64), 80).convert("RGB")


def mask(box: tuple[int, int, int, int] = (24, 32, 64, 64)) -> Image.Image:
    made = Image.new("L", (64, 64))
    made.paste(255, box)
    return made


def painted(**more: Any) -> Request:
    sources = tuple(SourcePicture(role=role, width=64, height=64) for role in TAKES[Operation.INPAINT])
    given: dict[str, Any] = {"operation": Operation.INPAINT, "sources": sources, "strength": 1.0, "steps": 3}
    return asked(**(given | more))


def stepper_of(pipeline: Any) -> Stepper:
    found = Stepper.of(pipeline, clean)
    assert found is not None
    return found


def ours(pipeline: Any, *requests: tuple[Request, Source | None], rows: int = 2, net: Any = None) -> Any:
    """Latents, drawn together."""
    stepper = stepper_of(pipeline)
    family: Any = stepper.family
    edges = {picture_of("net"): torch.ones(3, 64, 64) / 2, weight_of("net"): torch.tensor(0.7)}
    followed = (edges, edges) if net else None
    pictures = []
    for request, source in requests:
        made = partial(fresh, request.scheduler, pipeline.scheduler, request.steps)
        table = stepper.table(request, made)
        pictures += start(stepper, table, request, [0], {0: source} if source else {}, followed).values()
    family.controls = {"net": net} if net else {}
    while not pictures[0].over:
        advance(family, pictures, rows)
    return torch.stack([each.latents for each in pictures])


def stock(pipeline: Any, request: Request, picture: Image.Image, white: Image.Image) -> Any:
    whole = diffusers.AutoPipelineForInpainting.from_pipe(pipeline)
    whole.scheduler = fresh(request.scheduler, pipeline.scheduler, request.steps)
    whole.set_progress_bar_config(disable=True)
    return whole(
        request.prompt, negative_prompt=request.negative_prompt or None, image=picture, mask_image=white,
        strength=request.strength or 1.0, num_inference_steps=request.steps, guidance_scale=request.guidance_scale,
        width=request.width, height=request.height, output_type="latent",
        generator=torch.Generator().manual_seed(request.seed),
    ).images  # fmt: skip


def apart(one: Any, other: Any) -> float:
    return float((one - other).abs().max() / max(1.0, float(other.abs().max())))


@pytest.mark.parametrize(
    "change",
    [
        {"scheduler": Scheduler.EULER_A},
        {"scheduler": Scheduler.DPMPP_2M_KARRAS},
        {"guidance_scale": 1.0},
        {"negative_prompt": "red"},
        {"strength": 0.6},
    ],
    ids=str,
)
def test_a_part_is_drawn_as_the_stock_pipeline_draws_it(pipeline: Any, change: dict[str, Any]) -> None:
    request, picture = painted(**change), photograph()
    source = encoded(stepper_of(pipeline).family, picture, mask())
    assert apart(ours(pipeline, (request, source)), stock(pipeline, request, picture, mask())) <= 1e-4


@pytest.mark.parametrize("change", [{"guidance_scale": 1.0}, {"negative_prompt": "red"}, {}], ids=str)
def test_without_a_picture_it_draws_as_if_all_were_masked(pipeline: Any, change: dict[str, Any]) -> None:
    request = asked(**({"steps": 2} | change))
    assert apart(ours(pipeline, (request, None)), stock(pipeline, request, photograph(), EMPTY)) <= 1e-4


def test_what_is_around_the_mask_counts_and_what_is_below_it_does_not(pipeline: Any) -> None:
    family, picture = stepper_of(pipeline).family, photograph()
    below, around = picture.copy(), picture.copy()
    below.paste("blue", (24, 32, 64, 64))
    around.paste("blue", (0, 0, 24, 64))
    own, same, other = (ours(pipeline, (painted(), encoded(family, each, mask()))) for each in (picture, below, around))
    assert torch.equal(own, same)
    assert not torch.equal(own, other)


def test_a_line_thinner_than_a_latent_is_shown(pipeline: Any) -> None:
    family = stepper_of(pipeline).family
    (shown,) = encoded(family, photograph(), mask((0, 13, 64, 14))).shown.values()
    assert shown[0].tolist() == [[float(row == 1)] * 8 for row in range(8)]


def test_those_with_and_without_a_picture_are_drawn_together_each_as_alone(pipeline: Any) -> None:
    family = stepper_of(pipeline).family
    crowd = [
        (painted(), encoded(family, photograph(), mask())),
        (asked(steps=3, negative_prompt="red"), None),
        (painted(seed=9, strength=0.8, steps=4), encoded(family, photograph(), mask((0, 0, 64, 8)))),
    ]
    together = ours(pipeline, *crowd, rows=6)
    assert apart(together, torch.cat([ours(pipeline, each) for each in crowd])) <= 1e-4


def test_an_empty_picture_is_remembered_for_a_few_sizes(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    family: Any = stepper_of(pipeline).family
    encoding, sizes = family.encode, []

    def encode(picture: Image.Image, *more: Any) -> Any:
        sizes.append(picture.width)
        return encoding(picture, *more)

    monkeypatch.setattr(family, "encode", encode)
    for _ in range(2):
        for width in (64, 72):
            family.conditions(asked(width=width))
    assert sizes == [64, 72]
    for width in range(80, 80 + 8 * 8, 8):
        family.conditions(asked(width=width))
    family.conditions(asked(width=64))
    assert sizes[2:] == [*range(80, 144, 8), 64]


def control_net(folder: Path, unet: Any) -> GuideConfig:
    torch.manual_seed(5)
    made = diffusers.ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(8, 16, 16, 16))
    for block in (*made.controlnet_down_blocks, made.controlnet_mid_block, made.controlnet_cond_embedding.conv_out):
        torch.nn.init.normal_(block.weight, std=0.2)
    made.save_pretrained(folder)
    info = GuideInfo(id="edges", title="Edges", kind=CANNY, licence="Apache-2.0")
    return GuideConfig(info, GuideOrigin(source="diffusion_pytorch_model.safetensors"), folder)


def test_it_follows_by_networks_that_were_trained_beside_a_usual_unet(models: dict[str, Any], tmp_path: Path) -> None:
    pipeline, request, picture = models["sd"], painted(), photograph()
    usual = tiny.unet(cross_attention_dim=32, attention_head_dim=8)
    net = control("sd", control_net(tmp_path / "usual", usual), pipeline.unet, torch.device("cpu"))
    whole = diffusers.StableDiffusionControlNetInpaintPipeline(
        **pipeline.components, controlnet=net, requires_safety_checker=False
    )
    whole.set_progress_bar_config(disable=True)
    made = whole(
        request.prompt, image=picture, mask_image=mask(), control_image=torch.ones(1, 3, 64, 64) / 2, strength=1.0,
        num_inference_steps=request.steps, guidance_scale=request.guidance_scale, width=64, height=64,
        controlnet_conditioning_scale=0.7, output_type="latent", generator=torch.Generator().manual_seed(request.seed),
    ).images  # fmt: skip
    source = encoded(stepper_of(pipeline).family, picture, mask())
    assert apart(ours(pipeline, (request, source), net=net), made) <= 1e-4
    with pytest.raises(ModelError, match="its in_channels is another one"):
        control("sd", control_net(tmp_path / "odd", pipeline.unet), pipeline.unet, torch.device("cpu"))


def test_other_numbers_of_channels_are_left_to_pipelines_of_their_own(tmp_path: Path) -> None:
    odd = tiny.stable_diffusion(tmp_path)
    odd.register_modules(unet=tiny.unet(in_channels=8, cross_attention_dim=32, attention_head_dim=8))
    assert Stepper.of(odd, clean) is None
