"""The CDN: attachments behind signed links, and plain avatars."""

import asyncio
import re
import struct
import zlib
from typing import TYPE_CHECKING

from aiohttp import web

from deploy.sandbox.errors import ApiError
from deploy.sandbox.state.files import sniff
from deploy.sandbox.state.ids import snowflake

from .answers import deliver, faulty

if TYPE_CHECKING:
    from deploy.sandbox.server import Sandbox

# What people upload has the page's origin, and could act as the person who opens it: it may not run or be guessed at.
HARMLESS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
COLOURS = (0x5865F2, 0x757E8A, 0x3BA55C, 0xFAA61A, 0xED4245, 0xEB459E)


def add_routes(app: web.Application, box: "Sandbox") -> None:
    """Put the CDN below `/cdn`."""

    def held(request: web.Request) -> web.Response:
        number = snowflake(request.match_info["attachment"])
        try:
            content, kind = box.files.open(request.path.removeprefix("/cdn"), number or 0, dict(request.query))
        except ApiError as gone:  # the CDN speaks no JSON
            return web.Response(status=gone.refusal.status, text=gone.refusal.text)
        headers = {
            "Content-Type": kind, "Content-Disposition": disposition(request.match_info["name"], content),
            "Cache-Control": "private, max-age=3600", "Access-Control-Allow-Origin": "*", **HARMLESS,
        }  # fmt: skip
        return web.Response(body=content, headers=headers)

    async def attachment(request: web.Request) -> web.StreamResponse:
        fault = box.faults.take(request.method, request.path) or box.chaos.call(request.method, "/cdn")
        if fault is None:
            return held(request)
        await asyncio.sleep(fault.delay)
        return await deliver(request, faulty(fault, {}) if fault.status is not None else held(request), fault)

    async def avatar(request: web.Request) -> web.Response:
        number = sum(request.match_info["path"].encode())
        return web.Response(body=plain_png(COLOURS[number % len(COLOURS)]), content_type="image/png", headers=HARMLESS)

    async def emoji(request: web.Request) -> web.Response:
        number = snowflake(request.match_info["emoji"])
        if number is None or number not in box.world.emojis:
            return web.Response(status=404)
        content, kind = box.files.emoji(number)
        return web.Response(body=content, content_type=kind, headers=HARMLESS)

    app.router.add_get(r"/cdn/emojis/{emoji:\d+}.{kind}", emoji)
    for kind in ("attachments", "ephemeral-attachments"):
        app.router.add_get(f"/cdn/{kind}/{{channel}}/{{attachment:\\d+}}/{{name}}", attachment)
    for kind in ("embed/avatars", "avatars", "icons", "guilds"):
        app.router.add_get(f"/cdn/{kind}/{{path:.+}}", avatar)


def disposition(name: str, content: bytes) -> str:
    """How a browser treats a file that it is led to: pictures, by their bytes, are shown, and all else is saved."""
    plain = re.sub(r"[^\w.\-]", "_", name, flags=re.ASCII)
    return f'{"inline" if sniff(content) else "attachment"}; filename="{plain}"'


def plain_png(colour: int, side: int = 64) -> bytes:
    """A square of one colour."""
    row = b"\0" + colour.to_bytes(3) * side
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * side)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
