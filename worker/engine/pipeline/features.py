"""The features of a drawn face alone: eyes, brows, mouth, tears, without the yellow disc that they are drawn on.

The colour of that disc is known from itself: a polynomial of the place, fitted to most of it. What differs from it is a
feature, as long as it lies within: the rim differs too.
"""

import numpy as np
from PIL import Image

from .cutout import Bools, Cutout, Floats


def features_of(face: Cutout) -> Cutout | None:
    """The features of a face, on the square round its disc; None where what is found is hardly a face's."""
    return None


def with_features(thing: Image.Image, features: Cutout) -> Image.Image:
    """A thing, RGBA, with a face on its body."""
    return thing
