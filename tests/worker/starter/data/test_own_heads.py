"""Of our own drawings the heads of busts lie on the heads of whole figures, in each style."""

from dataclasses import replace
from functools import cache
from itertools import cycle

import numpy as np
import pytest
from PIL import Image

from worker.engine.pipeline.bust import head_of_bust, put_on
from worker.engine.pipeline.cutout import Cutout
from worker.engine.pipeline.head_finder import head_of
from worker.engine.prompt_match.drawings.busts import BUSTS, WHOLE
from worker.engine.prompt_match.drawings.heads import PLACES
from worker.starter.data import emoji_art, own_art
from worker.starter.vocabulary import STYLES, Style

MARK = (255, 0, 255)
NOTHING = Cutout.of(Image.new("RGB", (64, 64), (170, 200, 220)))
DRAWINGS = cache(own_art.in_style)
PAIRS = [*zip(sorted(BUSTS), cycle(sorted(WHOLE)), strict=False)]


def drawn(style: Style, icon: str) -> Cutout:
    image = Image.fromarray(emoji_art.render(DRAWINGS(style)[icon], 120))
    return replace(NOTHING, image=image.crop(image.getchannel("A").getbbox()))


@pytest.mark.parametrize(("bust", "whole"), PAIRS)
def test_it_covers_the_face_and_leaves_the_body(bust, whole):
    pytest.importorskip("resvg_py")
    for style in (STYLES[0], STYLES[1], STYLES[3]):
        person = drawn(style, whole)
        head = head_of_bust(drawn(style, bust).image, BUSTS[bust])
        marked = Image.new("RGBA", head.image.size, MARK)
        marked.putalpha(head.image.getchannel("A"))
        made = put_on(person, replace(head, image=marked), PLACES[whole])
        own = head_of(person.image, PLACES[whole])
        pixels = np.asarray(made.image, dtype=int)
        seen = (np.abs(pixels[..., :3] - MARK).max(axis=2) < 60) & (pixels[..., 3] > 200)
        rows, columns = np.indices(seen.shape) + 0.5
        x, y = own.x - made.left + person.left, (own.top + own.bottom) / 2 - made.top + person.top
        face = np.hypot(columns - x, rows - y) < 0.36 * min(own.width, own.bottom - own.top)
        assert seen[face].mean() > 0.95, style
        body = rows > own.bottom - made.top + person.top + 0.25 * own.width
        assert seen[body].mean() < 0.05, style
