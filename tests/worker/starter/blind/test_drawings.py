"""Drawing is what the engine does for a person; only the record around it is ours."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.worker.engine.engines import finished
from worker.contract.types.cause import sampler_unfit
from worker.contract.types.own_words import own_words
from worker.contract.types.request import Request
from worker.engine.errors import UnfitError
from worker.engine.pipeline.diffusers_backend import DiffusersBackend
from worker.engine.pipeline.drawing import Drawing
from worker.engine.prompt_match import vocabulary
from worker.engine.protocol import PictureFrame, RenderCall
from worker.engine.service.render_task import RenderTask
from worker.engine.settings import CATALOGUE, EngineSettings
from worker.starter.blind import drawings
from worker.starter.data.packages import DataError

PROMPTS = ["a red disc, please", "surprise me", "a bar"]


@pytest.fixture(scope="module")
def drawn(weights, tmp_path_factory):
    folder = tmp_path_factory.mktemp("blind") / "drawn"
    return drawings.draw(weights, PROMPTS, folder, drawings.device_for("cpu", 1))


def engines_own(weights: Path, folder: Path, request: Request) -> Image.Image:
    """What the engine makes of a request with its own catalogue, but other weights."""
    catalogue = folder / "models.toml"
    catalogue.write_text(CATALOGUE.read_text().replace('"../starter/weights"', f'"{weights}"'))
    backend = DiffusersBackend(EngineSettings(models=catalogue, upscaler=Path("off"), device="cpu", threads=1))
    backend.load(lambda: None)
    assert not backend.problems()

    async def drawn():
        with ThreadPoolExecutor(1) as encoders:
            task = RenderTask(RenderCall(id="job-1", request=request), encoders)
            await asyncio.to_thread(backend.draw, task)
            return [frame for frame in await finished(task) if isinstance(frame.header, PictureFrame)]

    return Image.open(BytesIO(asyncio.run(drawn())[0].body))


@pytest.mark.filterwarnings("ignore:::diffusers")  # what it deprecates is not ours to mend
def test_a_picture_is_the_first_that_people_get_with_the_defaults_of_the_catalogue(weights, drawn, tmp_path):
    seeds, found = [drawings.seed_of(PROMPTS[0]) + each for each in range(2)], vocabulary.find("starter", weights)
    assert found is not None
    request = Request(
        prompt=PROMPTS[0],
        model="starter",
        width=256,
        height=256,
        steps=12,
        guidance_scale=1.5,
        seed=seeds[0],
        count=2,
        prompts=own_words(PROMPTS[0], found.known(), seeds),
    )
    assert request.prompts
    own = engines_own(weights, tmp_path, request)
    assert np.array_equal(np.asarray(drawn.picture(0)), np.asarray(own))
    assert not np.array_equal(np.asarray(drawn.picture(2)), np.asarray(own))


def test_what_asks_for_nothing_is_counted_as_a_guess(drawn):
    assert [each.guessed for each in drawn.drawings.drawings] == [False, True, False]
    assert drawn.drawings.drawn == 3
    said = drawn.summary()
    assert "3 drawn (1 of them a guess" in said
    assert "0 declined" in said
    assert not any(prompt in said for prompt in PROMPTS)


def test_what_the_engine_refuses_is_declined_and_has_no_picture(weights, tmp_path, monkeypatch):
    real = Drawing.draw

    def draw(self, loaded, task):
        if "nurse" in task.request.prompt:
            raise UnfitError(sampler_unfit("lcm"))
        return real(self, loaded, task)

    monkeypatch.setattr(Drawing, "draw", draw)
    made = drawings.draw(weights, ["a nurse", "a disc"], tmp_path / "drawn", drawings.device_for("cpu", 1))
    assert [each.declined for each in made.drawings.drawings] == [UnfitError(sampler_unfit("lcm")).detail, ""]
    assert made.drawings.drawn == 1
    assert [path.name for path in (tmp_path / "drawn").glob("*.png")] == ["002.png"]
    again = drawings.draw(tmp_path / "drawn", ["a nurse", "a disc"], tmp_path / "none", drawings.device_for("cpu", 1))
    assert again.drawings == made.drawings


def test_a_seed_belongs_to_its_prompt(drawn):
    seeds = [each.seed for each in drawn.drawings.drawings]
    assert seeds == [drawings.seed_of(prompt) for prompt in PROMPTS]
    assert len(set(seeds)) == 3
    # earlier drawings are compared with later ones
    assert drawings.seed_of("a red apple") == 3834115269


def test_earlier_drawings_are_taken_as_they_are_but_only_for_their_prompts(drawn, tmp_path):
    on = drawings.device_for("cpu", 1)
    assert drawings.draw(drawn.folder, PROMPTS, tmp_path / "new", on) == drawn
    assert not (tmp_path / "new").exists()
    with pytest.raises(DataError, match="was drawn for other prompts"):
        drawings.draw(drawn.folder, PROMPTS[:2], tmp_path / "new", on)
    spoilt = shutil.copytree(drawn.folder, tmp_path / "spoilt")
    (spoilt / "002.png").unlink()
    with pytest.raises(DataError, match="lacks some of its pictures"):
        drawings.draw(spoilt, PROMPTS, tmp_path / "new", on)
    (spoilt / drawings.FILE).write_text("{")
    with pytest.raises(DataError, match="cannot be read"):
        drawings.draw(spoilt, PROMPTS, tmp_path / "new", on)


@pytest.mark.parametrize(
    ("text", "words"),
    [(b" \n\n", "holds no prompt"), (b"\xff\xfe\x00", "cannot be read"), (None, "cannot be read")],
)
def test_a_file_without_prompts_is_told(text, words, tmp_path):
    file = tmp_path / "prompts.txt"
    if text is not None:
        file.write_bytes(text)
    with pytest.raises(DataError, match=words):
        drawings.read_prompts(file)


def test_prompts_stand_one_a_line(tmp_path):
    file = tmp_path / "prompts.txt"
    file.write_text("a disc\n\n  a bar \r\n🍕\n", encoding="utf-8")
    assert drawings.read_prompts(file) == ["a disc", "a bar", "🍕"]


def test_a_prompt_that_no_one_may_send_is_told_without_its_words(weights, tmp_path):
    with pytest.raises(DataError, match="prompt 2: String should have at most 1000 characters") as caught:
        drawings.draw(weights, ["a disc", "secret " * 200], tmp_path / "drawn", drawings.device_for("cpu", 1))
    assert "secret" not in str(caught.value)
    assert not (tmp_path / "drawn").exists()


def test_what_cannot_draw_is_told(tmp_path):
    with pytest.raises(DataError, match="nowhere does not exist"):
        drawings.draw(tmp_path / "nowhere", ["a disc"], tmp_path / "drawn", drawings.device_for("cpu", 1))
    with pytest.raises(DataError, match="no such device"):
        drawings.device_for("cuda:77", 1)
