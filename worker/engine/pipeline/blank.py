"""Pictures that show nothing.

A model that does not know what to draw may draw its background alone. People then wait for an empty picture and are
told nothing. One more try costs as much as the picture did, and often shows something; a second would rarely help.
"""

from PIL import Image, ImageStat

# Of 255, in every band. With the starter the emptiest of pictures reach 2; a white cloud on white has 12.
_SPREAD = 4.0


def is_blank(image: Image.Image) -> bool:
    """Whether a picture is nearly uniform: every band, alpha among them, varies by less than eyes would notice."""
    return max(ImageStat.Stat(image).stddev) < _SPREAD
