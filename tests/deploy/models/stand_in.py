"""A stand-in for the Hub: real files over its HTTP API, as far as its own client asks for them. It writes down what it
gave, and damages or refuses on request.
"""

import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """Attributes:
    repositories: id → file → bytes.
    gated: ids that want a token.
    damaged: files of which other bytes are given than are listed, from `damaged_from` on.
    sent: file → bytes of it that were given.
    ranges: every `Range` that was asked for, with its file.
    """

    repositories: dict[str, dict[str, bytes]] = field(default_factory=dict)
    cards: dict[str, dict[str, str]] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)
    damaged_from: int = 0
    sent: dict[str, int] = field(default_factory=dict)
    ranges: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def start(self) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": self}))
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        token = self.headers.get("Authorization", "")
        self.hub.tokens.add(token)
        address = urlsplit(self.path)
        parts = [unquote(part) for part in address.path.strip("/").split("/")]
        api = parts[:2] == ["api", "models"]
        name = "/".join(parts[2:4] if api else parts[:2])
        files = self.hub.repositories.get(name)
        if files is None:
            return self._refuse(401, "RepoNotFound")
        if name in self.hub.gated and not token:
            return self._refuse(401, "GatedRepo")
        revision = parts[5] if api and len(parts) > 5 else parts[3] if not api else "main"
        if revision not in {"main", COMMIT}:
            return self._refuse(404, "RevisionNotFound")
        if api:
            return self._info(name, files, blobs="blobs" in parse_qs(address.query))
        file = "/".join(parts[4:])
        return self._refuse(404, "EntryNotFound") if file not in files else self._file(file, files[file], body=body)

    def _info(self, name: str, files: dict[str, bytes], *, blobs: bool) -> None:
        siblings = [
            {"rfilename": file, "size": len(held), "lfs": {"size": len(held), "sha256": sha(held), "pointerSize": 1}}
            if blobs
            else {"rfilename": file}
            for file, held in files.items()
        ]
        told = {"id": name, "sha": COMMIT, "siblings": siblings, "cardData": self.hub.cards.get(name, {})}
        data = json.dumps({**told, "private": False, "tags": [], "downloads": 0, "likes": 0}).encode()
        self._head(200, len(data), {"Content-Type": "application/json"})
        self.wfile.write(data)

    def _file(self, file: str, held: bytes, *, body: bool) -> None:
        headers = {"ETag": f'"{sha(held)}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        start, end, status = 0, len(held), 200
        if asked := self.headers.get("Range"):
            first, _, last = asked.removeprefix("bytes=").partition("-")
            start, end, status = int(first), min(len(held), int(last) + 1) if last else len(held), 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(held)}"
            if body:
                self.hub.ranges.append((file, asked))
        self._head(status, end - start, headers)
        if not body:
            return
        given = held
        if file in self.hub.damaged:
            given = held[: self.hub.damaged_from] + bytes(len(held) - self.hub.damaged_from)
        self.hub.sent[file] = self.hub.sent.get(file, 0) + end - start  # first: who has all of it goes on at once
        self.wfile.write(given[start:end])

    def _refuse(self, status: int, code: str) -> None:
        self._head(status, 0, {"X-Error-Code": code, "X-Error-Message": code})

    def _head(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()


def sha(held: bytes) -> str:
    return hashlib.sha256(held).hexdigest()
