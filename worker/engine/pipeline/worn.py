"""Where a thing goes that another one wears, or a mark of its mood: hats, glasses, scarves, headphones, tears."""

from collections.abc import Callable, Mapping

from worker.engine.prompt_match.layout import Figure, HeadPlace, Relation, WornPlace, WornPlaces

from .spot import Extent, Spot, Spots

Placing = Callable[[Extent, Extent], Spots]  # of the first and the second
_OfHead = Callable[[HeadPlace], Placing]

_MARK = 0.32  # of what hangs at a head, of the longer side of who has that


def worn_by(wearer: Figure, relation: Relation) -> Placing | None:
    """How something is worn by a figure of which it is known where; None where it is not."""
    if wearer.wears and relation in _ON_ANIMALS:
        return _ON_ANIMALS[relation](wearer.wears.mirrored if wearer.mirrored else wearer.wears)
    if wearer.head and relation in _ON_FACES:
        return _ON_FACES[relation](wearer.head.mirrored if wearer.mirrored else wearer.head)
    return None


def _worn(wide: float, high: float) -> Placing:
    """The second so wide beside the first, its middle at this share of the first's height."""

    def placed(wearer: Extent, worn: Extent) -> Spots:
        scale = wide * wearer[0] / worn[0]
        spot = Spot((1 - wide) / 2 * wearer[0], high * wearer[1] - worn[1] * scale / 2, scale)
        return [(0, Spot(0, 0)), (1, spot)]

    return placed


def _on_head(wearer: Extent, worn: Extent) -> Spots:
    scale = min(0.62 * wearer[0] / worn[0], 0.6 * wearer[1] / worn[1])
    spot = Spot((wearer[0] - worn[0] * scale) / 2, wearer[1] * 0.16 - worn[1] * scale, scale)
    return [(0, Spot(0, 0)), (1, spot)]


def _behind_head(wearer: Extent, worn: Extent) -> Spots:
    return _behind(_worn(1.2, 0.42))(wearer, worn)


def _on_neck(high: float) -> Placing:
    """The second hangs down from this share of the first's height, in its middle."""

    def placed(wearer: Extent, worn: Extent) -> Spots:
        scale = min(0.58 * wearer[0] / worn[0], 0.4 * wearer[1] / worn[1])
        spot = Spot((wearer[0] - worn[0] * scale) / 2, wearer[1] * high, scale)
        return [(0, Spot(0, 0)), (1, spot)]

    return placed


def _behind_back(wearer: Extent, worn: Extent) -> Spots:
    scale = min(0.75 * wearer[0] / worn[0], 0.6 * wearer[1] / worn[1])
    spot = Spot(wearer[0] * 1.12 - worn[0] * scale, wearer[1] * 0.66 - worn[1] * scale / 2, scale)
    return [(1, spot), (0, Spot(0, 0))]


def _mark(across: float, down: float, large: float = _MARK) -> Placing:
    """The second small, its middle at these shares of the first's width and height."""

    def placed(who: Extent, mark: Extent) -> Spots:
        scale = large * max(who) / max(mark)
        spot = Spot(across * who[0] - mark[0] * scale / 2, down * who[1] - mark[1] * scale / 2, scale)
        return [(0, Spot(0, 0)), (1, spot)]

    return placed


def _left_of_head(who: Extent, mark: Extent) -> Spots:
    """Most of the second is outside the first: heads that are seen from the side are narrow."""
    scale = _MARK * max(who) / max(mark)
    spot = Spot(0.12 * who[0] - mark[0] * scale, 0.18 * who[1] - mark[1] * scale, scale)
    return [(0, Spot(0, 0)), (1, spot)]


def _on_face(wide: float, under_hair: float, under_hat: float) -> _OfHead:
    """On the face of somebody whose head is known: how wide the second is, and how far its middle is below the top.

    All in widths of the head; a hat's lower edge is nearer to the eyes than the hair's upper one.
    """

    def of(head: HeadPlace) -> Placing:
        high = head.down + (under_hat if head.hat else under_hair) * head.wide

        def placed(wearer: Extent, worn: Extent) -> Spots:
            scale = wide * head.wide * wearer[0] / worn[0]
            spot = Spot(head.across * wearer[0] - worn[0] * scale / 2, high * wearer[1] - worn[1] * scale / 2, scale)
            return [(0, Spot(0, 0)), (1, spot)]

        return placed

    return of


def _at(place: WornPlace, wide: float, high: float, down: float, rise: float) -> Placing:
    """At a place of the first: the second is so wide and at most so high, in widths of that place.

    So much of its own height is above a point that is so far below the place, likewise in widths.
    """

    def placed(wearer: Extent, worn: Extent) -> Spots:
        unit = place.wide * wearer[0]
        scale = min(wide * unit / worn[0], high * unit / worn[1])
        left = place.across * wearer[0] - worn[0] * scale / 2
        return [(0, Spot(0, 0)), (1, Spot(left, place.down * wearer[1] + down * unit - rise * worn[1] * scale, scale))]

    return placed


def _mark_at(place: WornPlace, away: float, rise: float, large: float = _MARK) -> Placing:
    """The second small beside a head, or over it: its middle is so far away from that one's, and so far above its top.

    To the right, or to the left where that is negative, in halves of the head's width and of its own: at 1 both touch.
    It is above the top in shares of the first's height.
    """

    def placed(who: Extent, mark: Extent) -> Spots:
        scale = large * max(who) / max(mark)
        wide, high = mark[0] * scale, mark[1] * scale
        middle = place.across * who[0] + away * (place.wide * who[0] + wide) / 2
        return [(0, Spot(0, 0)), (1, Spot(middle - wide / 2, (place.down - rise) * who[1] - high / 2, scale))]

    return placed


def _behind(placing: Placing) -> Placing:
    """The same with the second behind the first."""
    return lambda wearer, worn: [*reversed(placing(wearer, worn))]


_ON_FACES: Mapping[Relation, _OfHead] = {
    Relation.ON_EYES: _on_face(1.15, 0.72, 0.25),
    Relation.ON_LIP: _on_face(0.7, 0.98, 0.5),
}
_ON_ANIMALS: Mapping[Relation, Callable[[WornPlaces], Placing]] = {
    Relation.ON_HEAD: lambda places: _at(places.head, 1.1, 1.2, down=0.15, rise=1),
    Relation.ON_EYES: lambda places: _at(places.eyes, 1, 0.8, down=0, rise=0.5),
    Relation.ON_LIP: lambda places: _at(places.lip, 1, 0.8, down=0, rise=0.5),
    Relation.BEHIND_HEAD: lambda places: _behind(_at(places.head, 1.9, 1.9, down=0.42, rise=0.5)),
    Relation.ON_NECK: lambda places: _at(places.neck, 1.15, 1.5, down=0, rise=0),
    Relation.AT_HEAD: lambda places: _mark_at(places.head, 1.05, -0.02),
    Relation.LEFT_OF_HEAD: lambda places: _mark_at(places.head, -1.05, 0.05),
    Relation.OVER_HEAD: lambda places: _mark_at(places.head, 0, 0.25, 0.4),
}
WORN: Mapping[Relation, Placing] = {
    Relation.ON_HEAD: _on_head,
    Relation.ON_EYES: _worn(0.8, 0.44),
    Relation.ON_LIP: _worn(0.46, 0.68),
    Relation.BEHIND_HEAD: _behind_head,
    Relation.ON_NECK: _on_neck(0.46),
    Relation.UNDER_HEAD: _on_neck(0.8),
    Relation.BEHIND_BACK: _behind_back,
    Relation.AT_HEAD: _mark(0.98, 0.1),
    Relation.LEFT_OF_HEAD: _left_of_head,
    Relation.ON_CHEEK: _mark(0.8, 0.66, 0.24),
    Relation.OVER_HEAD: _mark(0.5, -0.22, 0.4),
}
