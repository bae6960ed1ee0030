"""Each figure moves with the fault that it is named after, and the command compares what it says it compares."""

import numpy as np
import pytest
import torch

from worker.starter import autoencoder, diagnose, export
from worker.starter.data import emoji_art
from worker.starter.data.packages import DataError
from worker.starter.denoiser import Denoiser
from worker.starter.diagnose import Diagnosis, PictureScores
from worker.starter.export import PipelineParts
from worker.starter.vocabulary import STYLES, Subject, Vocabulary

RED, BLUE = (0.8, 0.1, 0.1), (0.1, 0.2, 0.9)


def square(left: int = 20, side: int = 24) -> np.ndarray:
    """A blue square on red: RGB (64, 64, 3) in 0..1."""
    picture = np.full((64, 64, 3), RED, dtype=np.float32)
    picture[20 : 20 + side, left : left + side] = BLUE
    return picture


def blurred(picture: np.ndarray, times: int) -> np.ndarray:
    for _ in range(times):
        for axis in (0, 1):
            picture = (np.roll(picture, 1, axis) + picture + np.roll(picture, -1, axis)) / 3
    return picture


def test_a_hard_edge_is_one_pixel_wide_and_a_soft_one_wider():
    assert diagnose.edge_width(square()) == pytest.approx(1)
    widths = [diagnose.edge_width(blurred(square(), times)) for times in (1, 2, 4)]
    assert widths == sorted(widths)
    assert widths[0] == pytest.approx(3, abs=0.2)
    assert diagnose.edge_width(np.full((64, 64, 3), 0.5, dtype=np.float32)) == 0


def test_an_edge_in_one_channel_alone_is_seen():
    picture = np.full((64, 64, 3), 0.5, dtype=np.float32)
    picture[:, 32:, 2] = 0.9
    assert diagnose.edge_width(picture) == pytest.approx(1)


def test_where_a_thing_stands_and_how_large_is_no_fault():
    moved = diagnose.aligned(square(left=27, side=24), [square(side=20), square(side=24), square(side=28)])
    assert np.array_equal(moved, square(left=27, side=24))


def test_other_shapes_are_farther_away_than_softer_ones():
    soft = diagnose.shape_distance(square(), blurred(square(), 1))
    assert diagnose.shape_distance(square(), square()) == pytest.approx(0, abs=1e-6)
    assert soft < diagnose.shape_distance(square(), np.swapaxes(square(side=40), 0, 1))


@pytest.mark.parametrize(("restored", "generated", "larger"), [(0.1, 0.9, "denoiser"), (0.9, 1.0, "autoencoder")])
def test_the_verdict_names_the_part_that_loses_more(restored: float, generated: float, larger: str):
    scores = [PictureScores(error, 1 + error, error) for error in (0, restored, generated)]
    one = Diagnosis("disc", (None, None, None), *scores)  # type: ignore[arg-type]
    assert diagnose.verdict([one]).startswith(f"The {larger} loses more")
    assert diagnose.table([one]).count("| disc |") == 1


def _drawings() -> tuple[emoji_art.Drawings, Vocabulary]:
    shape = '<rect x="2" y="2" width="12" height="12" fill="{}"/>'
    colours = (("#ff0000", "#00ff00", "#0000ff"), ("#ff8800", "#00ff88", "#8800ff"))
    svgs = tuple(
        tuple(
            emoji_art.svg({"icons": {"a": {"body": shape.format(colour)}}, "width": 16, "height": 16}, "a")
            for colour in row
        )
        for row in colours
    )
    every = Vocabulary(tuple(Subject(icon, (icon,)) for icon in ("left-out", "one", "two")), STYLES[:2])
    return emoji_art.Drawings(svgs, every), Vocabulary(every.subjects[1:], STYLES[1:2])


@pytest.fixture(scope="module")
def pipe(tokenizer, tiny):
    torch.manual_seed(0)
    shape = autoencoder.AutoencoderShape((16, 16, 16, 16, 16))
    parts = PipelineParts(Denoiser(tokenizer, tiny), autoencoder.build(shape, 64), tokenizer, export.scheduler())
    made = parts.pipeline()
    made.set_progress_bar_config(disable=True)
    return made


def test_each_subject_stands_beside_its_own_drawing(pipe, tmp_path):
    pytest.importorskip("resvg_py")
    drawings, known = _drawings()
    found = diagnose.diagnose(pipe, known, drawings, count=2)
    assert [one.subject for one in found] == ["one", "two"]
    middles = [one.pictures[0].getpixel((32, 32)) for one in found]
    assert middles == [(0, 255, 136), (136, 0, 255)]  # of the second style, without the subject that was left out
    for one in found:
        assert one.drawing.error == 0
        assert one.drawing.shape_distance == pytest.approx(0, abs=1e-6)
        assert one.reconstruction.error > 0
        assert one.generated.error > 0
    assert diagnose.sheet(found).width > 6 * 160


def test_weights_of_other_data_are_refused_in_words(pipe):
    drawings, known = _drawings()
    other = Vocabulary((Subject("nowhere", ("nowhere",)),), known.styles)
    with pytest.raises(DataError, match="no drawing of 'nowhere'"):
        diagnose.diagnose(pipe, other, drawings)
