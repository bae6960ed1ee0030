"""Several drawings of things, each alone, put into one picture as a layout says: cut out, made smaller, set down.

How large a thing is in its own drawing nobody knows before it is drawn, so `spots` finds places by what was cut out;
only scenery has fixed ones. All stand before one background: that which the layout names, else that of the first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageOps

from worker.engine.prompt_match.layout import Figure, HeadPlace, Layout, Scenery, Turn

from .between import box
from .blend import blended
from .bust import with_head_of_bust
from .cutout import Backdrop, Cutout
from .faced import with_features
from .features import features_of
from .headed import with_head
from .limbs import with_limbs
from .paint import PAINTS, repaint
from .shut_eyes import shut
from .spot import Spot, Spots
from .spots import spots_of, spread_spots
from .within import holders, seen_in

_UNKNOWN = 0.8  # of the width and height of its drawing, which a thing takes before it is drawn, as most do
_DEGREES = 22.0  # of what leans
_FEW = 9.0  # degrees of what bends to somebody
_TURNED: Mapping[Turn, float] = {
    Turn.UPSIDE_DOWN: 180.0, Turn.LEANING_LEFT: _DEGREES, Turn.LEANING_RIGHT: -_DEGREES,
    Turn.BENDING_LEFT: _FEW, Turn.BENDING_RIGHT: -_FEW, Turn.LYING: 90.0,
}  # fmt: skip
_NUMBERS = {paint.name: number for number, paint in enumerate(PAINTS)}

Seen = Callable[[Image.Image, tuple[int, int]], Image.Image]  # what of a figure at a place is seen


def picture(layout: Layout, cutouts: Sequence[Cutout], size: tuple[int, int]) -> Image.Image:
    """The figures of a layout, cut out in their order, then its scenery, in a picture of that width and height.

    Of fewer cutouts than figures the rest is not drawn yet: there is room for it.
    """
    things, scenery = cutouts[: len(layout.figures)], cutouts[len(layout.figures) :]
    parts = layout.parts
    cutouts = [_with_parts(layout, at, things) for at in range(len(things)) if at not in parts]
    layout = layout.without_parts()
    stood = [_stood(figure, each.image) for figure, each in zip(layout.figures, cutouts, strict=False)]
    usual = _UNKNOWN * cutouts[0].whole[0], _UNKNOWN * cutouts[0].whole[1]
    missing = [usual] * (len(layout.figures) - len(stood))
    extents = [*(each.size for each in stood), *missing]
    if layout.stays and cutouts[0].is_within:
        spots: Spots = [(0, _kept(layout.figures[0], cutouts[0], size))]
    else:
        spots = spots_of(layout, extents, size)
    ground = Backdrop.between(*layout.ground) if layout.ground else cutouts[0].background
    made = ground.image(size).convert("RGBA")
    for each, cut in zip(layout.scenery, scenery, strict=False):
        _spread(made, each, cut.image)
    if len(spots) == 1 and not layout.ground:  # before a background of its own a thing lost nothing
        made = _with_rest(made, layout.figures[0], cutouts[0], spots[0][1])
    around, places = holders(layout), dict(spots)
    for number, spot in spots:
        thing = around.get(number)
        if number < len(stood) and thing is None:
            _set(made, stood[number], spot)
        elif number < len(stood) and thing is not None:
            room = box(places[thing], extents[thing])
            _set(made, stood[number], spot, partial(seen_in, thing=layout.figures[thing], around=room))
    return made.convert("RGB")


def _with_parts(layout: Layout, number: int, things: Sequence[Cutout]) -> Cutout:
    """A thing in its colour, with its face and limbs, or another's head, as far as those are drawn."""
    figure, thing = layout.figures[number], things[number]
    image = shut(thing.image) if figure.asleep and number not in layout.heads else thing.image
    place = figure.head or HeadPlace()
    image = _painted(figure, image, place if number in layout.heads else None)
    at = layout.faces.get(number, len(things))
    features = features_of(things[at]) if at < len(things) else None
    if features:
        other_way = figure.mirrored != layout.figures[at].mirrored  # all of it is mirrored in the end
        image = with_features(
            image, replace(features, image=ImageOps.mirror(features.image)) if other_way else features
        )
    thing = replace(thing, image=image)
    at = layout.heads.get(number, len(things))
    if at >= len(things):
        numbers = (limbs.get(number, len(things)) for limbs in (layout.legs, layout.arms))
        legs, arms = (things[each].image if each < len(things) else None for each in numbers)
        return with_limbs(thing, legs, arms)
    head = shut(things[at].image) if figure.asleep else things[at].image
    other = layout.figures[at]
    head = _painted(other, head)
    return with_head_of_bust(thing, head, place, other.head) if other.head else with_head(thing, head, place)


def _with_rest(made: Image.Image, figure: Figure, cut: Cutout, spot: Spot) -> Image.Image:
    """A picture with what was lost when its only thing was cut out, for scenery or for another place, size or shape.

    Nothing of what is turned or painted.
    """
    if cut.rest is None or figure.turn is not Turn.UPRIGHT or figure.paint:
        return made
    rest = ImageOps.mirror(cut.rest) if figure.mirrored else cut.rest
    beside = _beside(figure, cut)
    shown = Image.new("RGB", made.size, (128, 128, 128))
    width, height = (max(1, round(side * spot.scale)) for side in cut.whole)
    corner = round(spot.left - beside * spot.scale), round(spot.top - cut.top * spot.scale)
    shown.paste(rest.resize((width, height)), corner)
    pixels = np.asarray(made.convert("RGB"), dtype=np.float64) + 2 * (np.asarray(shown, dtype=np.float64) - 128)
    return Image.fromarray(np.clip(pixels, 0, 255).round().astype(np.uint8)).convert("RGBA")


def _set(made: Image.Image, image: Image.Image, spot: Spot, seen: Seen | None = None) -> None:
    width, height = (max(1, round(side * spot.scale)) for side in image.size)
    # By premultiplied colours: what is transparent has a colour too, which must not bleed into the edges.
    small = image.convert("RGBa").resize((width, height), Image.Resampling.LANCZOS).convert("RGBA")
    place = round(spot.left), round(spot.top)
    made.alpha_composite(*_within(seen(small, place) if seen else small, *place))


def _spread(made: Image.Image, scenery: Scenery, image: Image.Image) -> None:
    """Scenery as often as its spread says, every other one mirrored, so that they look less alike."""
    for number, spot in enumerate(spread_spots(scenery, image.size, made.size)):
        _set(made, ImageOps.mirror(image) if number % 2 else image, spot)


def _kept(figure: Figure, cut: Cutout, size: tuple[int, int]) -> Spot:
    """Where a thing was in its own picture, in one of that width and height."""
    scale = min(size[0] / cut.whole[0], size[1] / cut.whole[1])
    left, top = ((side - scale * whole) / 2 for side, whole in zip(size, cut.whole, strict=True))
    return Spot(left + scale * _beside(figure, cut), top + scale * cut.top, scale)


def _beside(figure: Figure, cut: Cutout) -> int:
    """How far a thing was from the left side of its own picture, as it stands."""
    return cut.whole[0] - cut.left - cut.image.width if figure.mirrored else cut.left


def _painted(figure: Figure, image: Image.Image, head: HeadPlace | None = None) -> Image.Image:
    """A thing in its colours; in its own where a vocabulary names none but such as there is no paint of.

    `head`: that of a person whose clothes alone have the colours, for another one's is put there.
    """
    if figure.paint and head:
        left, right = ((head.across + side * head.wide / 2) * image.width for side in (-1, 1))
        top, bottom = (share * image.height for share in (head.down, head.down + head.wide))
        hidden = Image.new("L", image.size)
        ImageDraw.Draw(hidden).ellipse((left, top, right, bottom), fill=255)
        clothes = image.copy()
        clothes.paste((0, 0, 0, 0), mask=hidden)  # skin would count as the main colour
        return Image.composite(image, _painted(figure, clothes), hidden)
    wanted = [_NUMBERS[each] for each in (figure.paint, *figure.blend) if each in _NUMBERS]
    if not wanted:
        return image
    pixels = torch.from_numpy(np.array(image)).movedim(-1, 0)[None] / 255
    rgb, alpha = pixels[:, :3], pixels[:, 3:]
    made = [repaint(rgb, alpha, torch.tensor([number]), gently=True)[0] for number in wanted]
    if len(made) > 1:
        made = [blended(made, alpha[0, 0], mirrored=figure.mirrored, patched=figure.patched)]
    painted = Image.fromarray(made[0].movedim(0, -1).mul(255).round().byte().numpy())
    painted.putalpha(image.getchannel("A"))
    return painted


def _within(image: Image.Image, left: int, top: int) -> tuple[Image.Image, tuple[int, int]]:
    """Without what would lie beyond the left or upper edge: `alpha_composite` takes no such place."""
    image = image.crop((max(0, -left), max(0, -top), *image.size))
    return image, (max(0, left), max(0, top))


def _stood(figure: Figure, image: Image.Image) -> Image.Image:
    if angle := _TURNED.get(figure.turn):
        image = image.convert("RGBa").rotate(angle, Image.Resampling.BICUBIC, expand=True).convert("RGBA")
        image = image.crop(image.getchannel("A").point(lambda each: 255 * (each > 127)).getbbox())
    return ImageOps.mirror(image) if figure.mirrored else image
