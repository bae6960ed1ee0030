"""Circles within a shape: of a face that is its disc, of any other thing where a face fits on it."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from .cells import Floats, depths, means

_CELLS = 64  # of the longer side, at which a shape is looked at


@dataclass(frozen=True)
class Circle:
    """In pixels, from the left upper corner of its picture."""

    x: float
    y: float
    radius: float


def cell_of(size: tuple[int, int]) -> float:
    """How many pixels wide the cells are at which a picture of that width and height is looked at."""
    return max(size) / _CELLS


def rooms_of(mask: Image.Image) -> Floats:
    """By the cells of a mask ("L"), how many of them the radius of the largest circle round each is that is opaque."""
    return depths(means(mask, cell_of(mask.size)) >= 128)


def largest_circle(mask: Image.Image) -> Circle | None:
    """The largest circle in what is opaque of a mask ("L"); None where nothing is."""
    rooms, cell = rooms_of(mask), cell_of(mask.size)
    y, x = np.unravel_index(rooms.argmax(), rooms.shape)
    radius = float(rooms[y, x]) * cell
    return Circle((float(x) + 0.5) * cell, (float(y) + 0.5) * cell, radius) if radius else None
