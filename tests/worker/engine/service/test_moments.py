"""Moments of a picture's way side by side and as a GIF: how many, how large, with what below them and inside."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, ImageChops, ImageSequence

from tests.worker.engine.engines import asked
from worker.contract.types.recipe import Recipe, read
from worker.engine.protocol import Done, PictureFrame, RenderCall
from worker.engine.service.moments import Moment, frames, moving, strip
from worker.engine.service.render_task import RenderTask

RECIPE = Recipe(request=asked(moments=8), revision="r")


def moments(count: int, width: int = 64, height: int = 64) -> list[Moment]:
    """From white to black, with the last at no noise."""
    shares = [1 - number / max(1, count - 1) for number in range(count)]
    return [Moment(each, Image.new("RGB", (width, height), (int(255 * each),) * 3)) for each in shares]


@pytest.mark.parametrize(
    ("count", "width", "height", "side"),
    [(1, 64, 64, 100), (3, 64, 64, 224), (8, 64, 64, 284), (8, 1024, 1024, 920), (8, 1024, 256, 800)],
)
def test_they_stand_on_a_square_in_lines_of_three(count: int, width: int, height: int, side: int) -> None:
    assert strip(moments(count, width, height)).size == (side, side)


def test_below_each_stands_its_share_of_noise() -> None:
    assert [each.label for each in moments(3)] == ["100 %", "50 %", "0 %"]
    shown = moments(2)
    other = [shown[0], Moment(0.5, shown[1].image)]
    differs = ImageChops.difference(strip(shown), strip(other)).getbbox()
    assert differs is not None
    assert differs[0] > 80  # below the second
    assert differs[1] > 100  # and not in it


def test_what_moves_goes_through_all_of_them_and_rests_at_the_last() -> None:
    with Image.open(io.BytesIO(moving(moments(8), RECIPE))) as image:
        told = [(each.convert("L").tobytes()[0], each.info["duration"]) for each in ImageSequence.Iterator(image)]
        assert image.info["loop"] == 0
    shades = [shade for shade, _ in told]
    assert (len(told), shades) == (8, sorted(shades, reverse=True))
    assert [took for _, took in told] == [*[450] * 7, 2500]


def test_both_files_tell_how_they_were_made() -> None:
    about = PictureFrame(index=0, seed=3, width=64, height=64)
    still, moved = (make() for make in frames(about, moments(8), RECIPE))
    for number, (frame, kind) in enumerate(((still, "PNG"), (moved, "GIF"))):
        with Image.open(io.BytesIO(frame.body)) as image:
            assert (image.format, image.size) == (kind, (frame.header.width, frame.header.height))
        assert (frame.header.index, frame.header.seed, read(frame.body)) == (number, 3, RECIPE)
    assert (still.header.content_type, moved.header.content_type) == ("image/png", "image/gif")


def test_a_picture_alone_is_one_file_as_it_is() -> None:
    plain = Recipe(request=asked())
    about = PictureFrame(index=2, seed=3, width=64, height=64)
    (made,) = (make() for make in frames(about, moments(1), plain))
    assert (made.header, read(made.body)) == (about, plain)


@pytest.mark.parametrize("shown", [0, 3])
async def test_a_render_says_at_its_end_which_share_of_each_moment_is_noise(shown: int) -> None:
    with ThreadPoolExecutor(1) as encoders:
        task = RenderTask(RenderCall(id="1-1", request=asked(moments=shown)), encoders)
        task.picture(0, moments(1)[0].image, way=moments(3)[:-1] if shown else ())
        task.finish("fake")
    found = [frame.header for frame in await task.news()]
    assert [header.noise for header in found if isinstance(header, Done)] == [(100, 50, 0) if shown else ()]
