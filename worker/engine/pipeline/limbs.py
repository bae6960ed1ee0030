"""Legs under a thing that has none, and arms at its sides: behind it, so that they come out of its edges.

Nobody knows the outline of a thing before it is drawn: a slice of pizza ends in a tip, a mushroom in a stem. So legs
begin where it reaches far down, and arms where its sides hide little of them.
"""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from .cells import Bools
from .cutout import Cutout
from .headed import resized

# In units of a thing: the side of a square as large as the room that it takes.
_LEGS, _LEGS_MOST = 0.46, 0.8  # how wide a pair of legs is with its shoes; of the thing's width at most
_ARM = 0.5  # how high an arm is with its hand
_HIDDEN = 0.07  # how far limbs reach behind the thing
_FREE = 0.26  # so much of the legs is below it at least
_HIPS = 0.06  # of a pair's height: by its uppermost rows one knows where the legs begin
_OFF_LEGS = 1.1  # what being off the middle counts against what is further up, in heights
_HEIGHTS, _USUAL, _OFF_ARMS = (0.36, 0.7), 0.52, 0.6  # of the thing's: where arms begin; what being off that counts
_TRIED = 9  # such heights


@dataclass(frozen=True)
class _Limb:
    """A limb, RGBA, and where its left upper corner is, beside that of the thing."""

    image: Image.Image
    left: int
    top: int


def with_limbs(thing: Cutout, legs: Image.Image | None, arms: Image.Image | None) -> Cutout:
    """A thing with a pair of legs and a pair of arms, RGBA each, as far as there are any; larger then.

    Legs begin at the upper edge of their picture; arms do so low and near to its middle, with both hands further up.
    """
    own = thing.image
    there = np.asarray(own.getchannel("A")) > 127
    if not there.any():
        return thing
    unit = float(np.sqrt(own.width * own.height))
    limbs = [
        *([_legs_of(there, legs, unit)] if legs else []),
        *(_arms_of(there, arms, unit) if arms else []),
    ]
    left, top = min([0, *(each.left for each in limbs)]), min([0, *(each.top for each in limbs)])
    right = max([own.width, *(each.left + each.image.width for each in limbs)])
    bottom = max([own.height, *(each.top + each.image.height for each in limbs)])
    made = Image.new("RGBA", (right - left, bottom - top))
    for each in (*limbs, _Limb(own, 0, 0)):
        made.alpha_composite(each.image, (each.left - left, each.top - top))
    return replace(thing, image=made, left=thing.left + left, top=thing.top + top)


def _legs_of(there: Bools, legs: Image.Image, unit: float) -> _Limb:
    """A pair of legs where a thing reaches far down at both of them, and about its middle."""
    height, width = there.shape
    legs = resized(legs, min(_LEGS * unit, _LEGS_MOST * width) / legs.width)
    rows = max(1, round(_HIPS * legs.height))
    hips = np.nonzero((np.asarray(legs.getchannel("A"))[:rows] > 127).any(axis=0))[0]
    hips = hips if hips.size else np.array([legs.width // 2])
    lowest = np.where(there.any(axis=0), height - there[::-1].argmax(axis=0), 0)  # of each column
    middle = np.nonzero(there)[1].mean() - (hips[0] + hips[-1]) / 2
    lefts = np.arange(-hips[0], width - hips[-1])  # with both hips below the thing
    if not lefts.size:
        lefts = np.array([round(middle)])
    ends = lowest[np.clip(lefts[:, None] + hips, 0, width - 1)].min(axis=1)
    best = (ends / height - _OFF_LEGS * np.abs(lefts - middle) / width).argmax()
    top = round(float(ends[best]) - _HIDDEN * unit)
    longer = round(height + _FREE * unit) - top - legs.height
    if longer > 0:  # a tip hangs down between them
        thighs = legs.crop((0, 0, legs.width, rows)).resize((legs.width, rows + longer))
        longest = Image.new("RGBA", (legs.width, legs.height + longer))
        longest.paste(thighs)
        longest.paste(legs.crop((0, rows, *legs.size)), (0, rows + longer))
        legs = longest
    return _Limb(legs, int(lefts[best]), top)


def _arms_of(there: Bools, arms: Image.Image, unit: float) -> tuple[_Limb, _Limb]:
    """An arm at either side of a thing, both as high, where most of them is seen."""
    arms = resized(arms, _ARM * unit / arms.height)
    half = arms.width // 2
    sides = arms.crop((0, 0, half, arms.height)), arms.crop((half, 0, *arms.size))
    heights = np.linspace(*_HEIGHTS, _TRIED)
    tried = [[_arm_of(there, side, number, share, unit) for number, side in enumerate(sides)] for share in heights]
    costs = [
        sum(_hidden(there, each) for each in pair) + _OFF_ARMS * abs(share - _USUAL)
        for share, pair in zip(heights, tried, strict=True)
    ]
    left, right = tried[int(np.argmin(costs))]
    return left, right


def _arm_of(there: Bools, arm: Image.Image, right: int, share: float, unit: float) -> _Limb:
    """One arm whose shoulder is a bit within a thing's edge, at this share of its height."""
    height, width = there.shape
    seen = np.asarray(arm.getchannel("A")) > 127
    columns = np.nonzero(seen.any(axis=0))[0]
    inmost = (columns[0] if right else columns[-1]) if columns.size else arm.width // 2
    shoulder = np.nonzero(seen[:, inmost])[0].mean() if columns.size else arm.height / 2
    row = min(height - 1, int(share * height))
    across = np.nonzero(there[row])[0]
    edge = (across[-1] if right else across[0]) if across.size else (width if right else 0)
    inside = edge + (-_HIDDEN if right else _HIDDEN) * unit
    return _Limb(arm, round(inside - inmost), round(row - shoulder))


def _hidden(there: Bools, limb: _Limb) -> float:
    """What share of a limb a thing hides."""
    height, width = there.shape
    seen = np.asarray(limb.image.getchannel("A")) > 127
    rows, columns = np.nonzero(seen)
    rows, columns = rows + limb.top, columns + limb.left
    within = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    hidden = there[rows[within], columns[within]].sum()
    return float(hidden / max(1, seen.sum()))
