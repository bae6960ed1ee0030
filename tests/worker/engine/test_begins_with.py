"""Pictures to begin with, through the service: over the wire with the fake engine."""

from tests.worker.contract.factories import EDGES, LOOK, PICTURE
from tests.worker.engine.engines import EngineProcess, asked
from tests.worker.engine.test_upscaling import png
from worker.contract.types import recipe
from worker.contract.types.cause import no_such_guide
from worker.contract.types.operation import Operation, SourcePicture
from worker.contract.types.request import Lora, Request
from worker.contract.types.result import CUT
from worker.engine.protocol import Done, RenderRefusal, Step


def begun(prompt: str = "a red apple", **more) -> Request:
    return asked(prompt, **{"operation": Operation.IMG2IMG, "sources": [PICTURE], "strength": 0.5, "steps": 10} | more)


async def drawn(fake: EngineProcess, request: Request, picture: bytes | None = None) -> bytes:
    frames = await fake.client.render(request, picture)
    return next(frame.body for frame in frames if frame.header.kind == "picture")


async def test_a_picture_is_drawn_over_in_as_many_steps_as_its_strength_asks(fake: EngineProcess):
    frames = await fake.client.render(begun(), png())
    steps = [frame.header for frame in frames if isinstance(frame.header, Step)]
    assert (steps[-1].step, steps[-1].steps) == (5, 5)
    done = frames[-1].header
    assert isinstance(done, Done)
    assert done.adapted == (CUT,)
    body = next(frame.body for frame in frames if frame.header.kind == "picture")
    assert recipe.read(body) == recipe.Recipe(request=begun(), revision="fake")
    assert await drawn(fake, begun(), png()) == body
    assert await drawn(fake, begun(), png(size=(70, 100))) != body
    assert await drawn(fake, begun(strength=0.9), png()) != body
    capabilities = (await fake.client.health()).capabilities
    assert {"img2img:fake", "lora/pixel:fake"} <= set(capabilities)


async def test_a_lora_and_its_weight_change_what_is_drawn(fake: EngineProcess):
    weights = (None, 0.5, 1.0)
    found = {await drawn(fake, asked(loras=[Lora(id="pixel", weight=weight)] if weight else [])) for weight in weights}
    assert len(found) == len(weights)


async def test_what_cannot_be_begun_with_is_refused_in_words(fake: EngineProcess):
    async def refusal(request: Request, picture: bytes | None) -> tuple[int, str, str]:
        async with fake.client.post(request, picture) as answer:
            words = RenderRefusal.model_validate_json(await answer.read())
            return answer.status, words.reason, words.detail

    assert await refusal(begun(), png("TIFF")) == (
        422, "source", "It is no PNG, JPEG, WebP or GIF picture. Please send it as one of these.",
    )  # fmt: skip
    assert await refusal(begun(), png()[:-40]) == (422, "source", "Its file is damaged. Please choose another picture.")
    assert await refusal(begun(), None) == (422, "invalid", "The picture to draw from is missing (img2img).")
    painted = begun(operation="inpaint", sources=[PICTURE, SourcePicture(role="mask", width=1, height=1)])
    assert await refusal(painted, png()) == (422, "invalid", "Fake cannot draw from a picture (inpaint).")
    assert (await refusal(begun(loras=[Lora(id="ink", weight=1)]), png()))[2].startswith("Fake has no LoRA called […].")
    assert (await refusal(begun(model="other"), png()))[:2] == (404, "model")
    assert (await fake.client.health()).places == 1


async def test_pictures_to_follow_come_along_and_each_changes_what_is_drawn(fake: EngineProcess):
    shape = EDGES.model_copy(update={"id": "canny"})
    look = LOOK.model_copy(update={"id": "style"})
    found = {
        await drawn(fake, asked(guides=[guide] if guide else []), png() if guide else None)
        for guide in (None, shape, look, shape.model_copy(update={"weight": 0.1}))
    }
    assert len(found) == 4
    assert {"guide/canny:fake", "guide/style:fake"} <= set((await fake.client.health()).capabilities)
    async with fake.client.post(asked(guides=[EDGES]), png()) as answer:
        words = RenderRefusal.model_validate_json(await answer.read())
    assert words.cause == no_such_guide("Fake", "edges", "canny")
    assert words.detail == "Fake cannot follow a picture by […]. It can by: canny.", "for logs"
