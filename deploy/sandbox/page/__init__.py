"""The page in the browser: plain files, and everything live comes from the control API."""

import functools
from pathlib import Path

from aiohttp import web

HERE = Path(__file__).resolve().parent
SHOWN = {
    ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml",
    ".json": "application/json",
}  # fmt: skip
# The browser itself sees to it that the page asks nothing of the network.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@functools.cache
def files() -> dict[str, Path]:
    """What is shown, by its name below `/page`: names lead nowhere else, whatever they hold."""
    return {path.relative_to(HERE).as_posix(): path for path in HERE.rglob("*") if path.suffix in SHOWN}


def add_routes(app: web.Application) -> None:
    """Put the page at `/`, and its files below `/page`."""

    async def file(request: web.Request) -> web.Response:
        path = files().get(request.match_info.get("name") or "index.html")
        if path is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
        return web.Response(body=path.read_bytes(), content_type=SHOWN[path.suffix], charset="utf-8", headers=headers)

    app.router.add_get("/", file)
    app.router.add_get("/page/{name:.+}", file)
