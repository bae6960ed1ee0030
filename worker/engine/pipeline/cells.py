"""Cells of a picture that are told apart from the others: which of them make a shape, and how deep in it each is."""

import numpy as np
import numpy.typing as npt
from PIL import Image

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_SHAPES_MAX = 40  # of more it is noise, and all of them are one


def apart(cells: Bools) -> list[Bools]:
    """The shapes that cells make which touch each other up, down or sideways; of very many, the rest as one."""
    shapes: list[Bools] = []
    while cells.any():
        if len(shapes) == _SHAPES_MAX:
            return [*shapes, cells]
        first = np.zeros_like(cells)
        first.flat[np.argmax(cells)] = True
        shapes.append(reached(cells, first))
        cells = cells & ~shapes[-1]
    return shapes


def reached(free: Bools, begin: Bools) -> Bools:
    """What can be reached from some cells by way of free ones, up, down and sideways."""
    reached = begin & free
    while True:
        wider = reached
        for turn in range(4):
            wider = np.rot90(_swept(np.rot90(free, turn), np.rot90(wider, turn)), -turn)
        if (wider == reached).all():
            return reached
        reached = wider


def _swept(free: Bools, reached: Bools) -> Bools:
    """What can be reached going to the right: every free cell with a reached one before it, and no wall between."""
    place = np.arange(free.shape[1])
    last = np.maximum.accumulate(np.where(reached, place, -1), axis=1)
    wall = np.maximum.accumulate(np.where(free, -1, place), axis=1)
    swept: Bools = free & (last > wall)
    return swept


def grown(cells: Bools, times: int = 1) -> Bools:
    """Cells and their neighbours up, down and sideways."""
    for _ in range(times):
        grown = cells.copy()
        grown[1:] |= cells[:-1]
        grown[:-1] |= cells[1:]
        grown[:, 1:] |= cells[:, :-1]
        grown[:, :-1] |= cells[:, 1:]
        cells = grown
    return cells


def shrunk(cells: Bools, times: int) -> Bools:
    """Cells without the outermost of them; at the edge of the picture there are none to lose."""
    return ~grown(~cells, times)


def edge(shape: tuple[int, ...]) -> Bools:
    """The outermost of so many rows and columns."""
    found = np.zeros(shape, dtype=bool)
    found[[0, -1]] = True
    found[:, [0, -1]] = True
    return found


def depths(cells: Bools) -> Floats:
    """How far the middle of each cell is from the nearest of those that are not of the shape, or from the edge."""
    inside = np.pad(cells, 1)
    height, width = inside.shape
    up = np.where(inside, float(height), 0.0)
    for y in range(1, height):  # first within each column
        up[y] = np.minimum(up[y], up[y - 1] + 1)
    for y in range(height - 2, -1, -1):
        up[y] = np.minimum(up[y], up[y + 1] + 1)
    apart = np.square(np.subtract.outer(np.arange(width), np.arange(width)))  # then over all columns
    found: Floats = np.sqrt((np.square(up)[:, None, :] + apart).min(axis=2))[1:-1, 1:-1]
    return np.maximum(found - 0.5, 0)


def means(image: Image.Image, cell: float) -> Floats:
    """The means of a picture in cells so many pixels wide: (rows, columns), or (rows, columns, bands)."""
    width, height = (max(1, round(side / cell)) for side in image.size)
    return np.asarray(image.resize((width, height), Image.Resampling.BOX), dtype=np.float64)
