"""A picture of the starter made larger by the network that ships with it."""

import numpy as np
import pytest
from PIL import Image

from tests.e2e.person import Easel
from tests.e2e.test_upscale import larger, picture, press, shown


@pytest.mark.engine
async def test_the_bundled_network_keeps_the_picture_and_makes_it_larger(starter: Easel) -> None:
    message = await starter.once(await starter.ask("a glossy sticker of a red apple", count=2, steps=6), pictures=2)
    answer = await shown(starter, await press(starter, message, "U1"))
    small, large = [await picture(starter, each.attachments[0]) for each in (message, answer)]
    assert large.size == (4 * small.width, 4 * small.height)
    back = np.asarray(large.resize(small.size, Image.Resampling.BOX), dtype=float)
    error = ((back - np.asarray(small, dtype=float)) ** 2).mean()
    assert 10 * np.log10(255**2 / error) > 30, "it is another picture"
    assert large.tobytes() != larger(small)
