"""Width to height, as people choose and read it."""

import math

RATIOS = ("1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16")  # that are offered
RATIO_MAX = 4  # times as wide as high, or as high as wide, that can be typed
_SAME_SHAPE = 0.05  # how far the sides of a picture may be from a usual ratio, for models draw in steps of some pixels


def ratio(width: int, height: int) -> str:
    """The usual ratio that a size is nearly of; its own where it is nearly of none."""
    near = min(RATIOS, key=lambda each: _apart(each, width, height))
    if _apart(near, width, height) <= _SAME_SHAPE:
        return near
    common = math.gcd(width, height)
    return f"{width // common}:{height // common}"


def _apart(name: str, width: int, height: int) -> float:
    across, down = map(int, name.split(":"))
    return abs(math.log(width / height * down / across))
