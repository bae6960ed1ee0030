"""The control API under /sandbox: act as a person, read state, arm faults, move the clock.

- `people`: what a person does; `members`, `places`, `setup`: what admins and the developer portal do
- `read`, `live`: state, and the stream of changes
- `faults`: faults, chaos, rate limits, the gateway, the clock
- `request`: one call, with names looked up
"""

from typing import TYPE_CHECKING

from aiohttp import web

from . import faults, live, members, people, places, read, setup
from .request import bind

if TYPE_CHECKING:
    from deploy.sandbox.server import Sandbox


def add_routes(app: web.Application, box: "Sandbox") -> None:
    """Put all routes of the control API below `/sandbox`."""
    for module in (people, members, places, read, setup, faults):
        for method, path, handler in module.ROUTES:
            app.router.add_route(method, f"/sandbox{path}", bind(box, handler))
    live.add_routes(app, box)
