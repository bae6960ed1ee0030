"""A headless Chromium, driven over its DevTools protocol: enough to click, type and look."""

import asyncio
import itertools
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)  # fmt: skip
DEADLINE = 15.0


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.session = ""
        self.troubles: list[str] = []
        self.requests: list[str] = []

    async def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        body: dict[str, object] = {"id": number, "method": method, "params": parameters}
        if self.session:
            body["sessionId"] = self.session
        await self._socket.send_json(body)
        return await asyncio.wait_for(self._waiting[number], DEADLINE + 5)

    async def listen(self) -> None:
        async for message in self._socket:
            packet = json.loads(message.data)
            if "id" in packet:
                self._waiting.pop(packet["id"]).set_result(packet)
            elif packet["method"] == "Network.requestWillBeSent":
                self.requests.append(packet["params"]["request"]["url"])
            elif packet["method"] == "Runtime.exceptionThrown":
                self.troubles.append(packet["params"]["exceptionDetails"].get("text", "exception"))
            elif packet["method"] == "Log.entryAdded":
                self._note(packet["params"]["entry"])

    def _note(self, entry: dict[str, Any]) -> None:
        refused = entry["source"] == "network" and "400" in entry["text"]  # a form that the sandbox did not accept
        if entry["level"] == "error" and not refused:
            self.troubles.append(entry["text"])

    async def run(self, script: str) -> Any:
        """The value of a JavaScript expression; promises are awaited."""
        answer = await self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        result = answer["result"]
        assert "exceptionDetails" not in result, result["exceptionDetails"]["exception"]["description"]
        return result["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait for a JavaScript condition; looked at after every frame."""
        script = f"""new Promise((done) => {{
            const end = performance.now() + {DEADLINE * 1000};
            const over = () => performance.now() > end;
            const look = () => ({condition}) ? done(true) : over() ? done(false) : setTimeout(look, 20);
            look();
        }})"""
        assert await self.run(script), (
            f"waited for {condition}; the page shows:\n{await self.run('document.body.innerText')}"
        )

    async def see(self, text: str) -> None:
        await self.until(f"document.querySelector('#messages').innerText.includes({json.dumps(text)})")

    async def click(self, selector: str) -> None:
        await self.until(f"document.querySelector({json.dumps(selector)})")
        await self.run(f"document.querySelector({json.dumps(selector)}).click()")

    async def choose(self, selector: str, value: str) -> None:
        script = "const it = document.querySelector({}); it.value = {}; it.dispatchEvent(new Event('change'))"
        await self.run(f"{{ {script.format(json.dumps(selector), json.dumps(value))} }}")

    async def type(self, text: str) -> None:
        await self.ask("Input.insertText", text=text)

    async def press(self, key: str, code: int) -> None:
        for kind in ("keyDown", "keyUp"):
            text = "\r" if key == "Enter" and kind == "keyDown" else ""
            await self.ask(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, text=text
            )

    async def enter(self) -> None:
        await self.press("Enter", 13)


@contextmanager
def chromium() -> Iterator[str]:
    """A running browser; yields the address of its DevTools."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory(prefix="sandbox-chromium-", ignore_cleanup_errors=True) as folder:
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
            try:
                yield _address(process)
            finally:
                process.terminate()
                process.communicate()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(r"DevTools listening on (ws://\S+)", line)
        if found:
            return found[1]
    raise AssertionError("Chromium did not start")


@asynccontextmanager
async def browse(devtools: str, url: str) -> AsyncIterator[Page]:
    """A tab that shows this address, with storage of its own."""
    async with aiohttp.ClientSession() as http, http.ws_connect(devtools, max_msg_size=0) as socket:
        page = Page(socket)
        listener = asyncio.create_task(page.listen())
        context = (await page.ask("Target.createBrowserContext"))["result"]["browserContextId"]
        await _open(page, context, url)
        yield page
        page.session = ""
        await page.ask("Target.disposeBrowserContext", browserContextId=context)
        listener.cancel()
        with suppress(asyncio.CancelledError):
            await listener


async def _open(page: Page, context: str, url: str) -> None:
    made = await page.ask("Target.createTarget", url="about:blank", browserContextId=context)
    target = made["result"]["targetId"]
    page.session = (await page.ask("Target.attachToTarget", targetId=target, flatten=True))["result"]["sessionId"]
    for domain in ("Page", "Runtime", "Network", "Log"):
        await page.ask(f"{domain}.enable")
    await page.ask("Emulation.setDeviceMetricsOverride", width=1280, height=860, deviceScaleFactor=1, mobile=False)
    await page.ask("Page.navigate", url=url)
