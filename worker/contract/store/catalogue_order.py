"""Which model is whose first choice: the order of the catalogues of all workers together."""

import json
from collections.abc import Iterable


def catalogue_places(heartbeats: Iterable[bytes]) -> dict[str, int]:
    """How far down its catalogue each model stands, from 0; the first of all is for people who choose none.

    Where catalogues differ, the latest place counts: a model that is first for one worker and last for another, as the
    one that ships is where only some workers have more, is an operator's first choice nowhere.
    """
    places: dict[str, int] = {}
    for heartbeat in heartbeats:
        try:
            for place, name in enumerate(json.loads(heartbeat)["models"]):
                places[name] = max(place, places.get(name, 0))
        except (ValueError, TypeError, KeyError):  # damaged
            continue
    return places
