"""A headless Chromium, driven over its DevTools protocol: enough to click, type, drop files and look."""

import asyncio
import base64
import itertools
import json
import lzma
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)  # fmt: skip
DEADLINE = 15.0
AXE = Path(__file__).parent / "axe" / "axe.min.js.xz"
DESKTOP, PHONE = (1280, 860), (390, 844)
CODES = {
    "Enter": 13, "Escape": 27, "Tab": 9, "Backspace": 8, " ": 32, "End": 35, "Home": 36,
    "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "ContextMenu": 93,
}  # fmt: skip
SHIFT = 8


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
        await self.until(f"document.querySelector('#messages')?.innerText.includes({json.dumps(text)})")

    async def click(self, selector: str) -> None:
        await self.until(f"document.querySelector({json.dumps(selector)})")
        await self.run(f"document.querySelector({json.dumps(selector)}).click()")

    async def focus(self, selector: str) -> None:
        await self.until(f"document.querySelector({json.dumps(selector)})")
        await self.run(f"document.querySelector({json.dumps(selector)}).focus()")

    async def become(self, name: str) -> None:
        """Be someone else in this tab."""
        await self.click("#person")
        find = f"[...document.querySelectorAll('.person')].find((it) => it.textContent.includes('{name}'))"
        await self.run(f"{find}.click()")
        await self.until(f"document.querySelector('#person').textContent.includes('{name}')")

    async def type(self, text: str) -> None:
        await self.ask("Input.insertText", text=text)

    async def press(self, *keys: str, shift: bool = False) -> None:
        for key in keys:
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
                await self.ask(
                    "Input.dispatchKeyEvent", type=kind, key=key, code="Space" if key == " " else key,
                    windowsVirtualKeyCode=CODES.get(key) or ord(key.upper()),
                    text=text if kind != "keyUp" else "", modifiers=SHIFT if shift else 0,
                )  # fmt: skip

    async def enter(self) -> None:
        await self.press("Enter")

    async def tab_to(self, selector: str, *, back: bool = False) -> None:
        """Press Tab until the focus is there, as someone without a mouse does."""
        for _ in range(60):
            await self.press("Tab", shift=back)
            if await self.run(f"document.activeElement.matches({json.dumps(selector)})"):
                return
        raise AssertionError(f"Tab does not lead to {selector}")

    async def point(self, selector: str, button: str = "left") -> None:
        """Press a button of the mouse in the middle of an element."""
        x, y = await self._middle(selector)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            await self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=1)

    async def hold(self, selector: str) -> None:
        """Lay a finger on an element and leave it there."""
        x, y = await self._middle(selector)
        await self.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])

    async def lift(self) -> None:
        await self.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    async def drop(self, selector: str, *files: Path) -> None:
        """Drag files from outside over an element and let them go."""
        data = {"items": [], "files": [str(each) for each in files], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            x, y = await self._middle(selector)
            await self.ask("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)

    async def upload(self, selector: str, *files: Path) -> None:
        """Choose files in a file input."""
        root = (await self.ask("DOM.getDocument"))["result"]["root"]["nodeId"]
        node = (await self.ask("DOM.querySelector", nodeId=root, selector=selector))["result"]["nodeId"]
        await self.ask("DOM.setFileInputFiles", nodeId=node, files=[str(each) for each in files])

    async def _middle(self, selector: str) -> tuple[float, float]:
        """Where an element lies, once it has stopped moving: lists follow what is new, and sizes settle late."""
        await self.until(f"document.querySelector({json.dumps(selector)})")
        script = f"""new Promise((done) => {{
            const it = () => document.querySelector({json.dumps(selector)});
            const middle = () => {{
                const at = it().getBoundingClientRect();
                return [at.x + at.width / 2, at.y + at.height / 2];
            }};
            const end = performance.now() + {DEADLINE * 1000};
            let last = null;
            const look = () => {{
                if (!it()) return performance.now() > end ? done([0, 0]) : setTimeout(look, 20);
                it().scrollIntoView({{block: "nearest"}});
                const here = middle();
                if (String(here) === String(last) || performance.now() > end) return done(here);
                last = here;
                setTimeout(look, 30);
            }};
            look();
        }})"""
        x, y = await self.run(script)
        return x, y

    async def resize(self, size: tuple[int, int]) -> None:
        width, height = size
        small = width < 600
        await self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if small else 1,
            mobile=small,
        )  # fmt: skip
        await self.ask("Emulation.setTouchEmulationEnabled", enabled=small)

    async def scheme(self, name: Literal["dark", "light"]) -> None:
        features = [{"name": "prefers-color-scheme", "value": name}]
        await self.ask("Emulation.setEmulatedMedia", features=features)

    async def cut(self) -> None:
        """Lose the stream of events, as when the machine sleeps, until it may come back."""
        await self.run("window.away = true; window.sockets.splice(0).forEach((it) => it.close())")

    async def mend(self) -> None:
        await self.run("window.away = false")

    async def axe(self, *rules: str) -> list[str]:
        """What axe-core finds wrong with what is on screen, by all of its rules or some: rule, element, words."""
        await self.still()
        if not await self.run("Boolean(window.axe)"):
            await self.run(lzma.decompress(AXE.read_bytes()).decode())
        options = json.dumps({"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})})
        found = await self.run(f"axe.run(document, {options}).then((it) => it.violations)")
        return [
            f"{rule['id']}: {node['html'][:160]} ({node['failureSummary']})" for rule in found for node in rule["nodes"]
        ]

    async def still(self) -> None:
        """Wait until nothing moves that will come to rest."""
        await self.run("Promise.all(document.getAnimations().filter((it) => it.effect.getTiming().iterations === 1)"
                       ".map((it) => it.finished.catch(() => null))).then(() => null)")  # fmt: skip

    async def picture(self) -> bytes:
        """A screenshot as PNG."""
        await self.still()
        shot = await self.ask("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["result"]["data"])


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


# Keeps the page's sockets where a test can cut them, and opens none while the test says so.
SOCKETS = """window.sockets = [];
window.WebSocket = class extends WebSocket {
    constructor(...given) {
        if (window.away) {
            const refused = {};
            setTimeout(() => refused.onclose({}));
            return refused;
        }
        super(...given);
        window.sockets.push(this);
    }
};"""


@asynccontextmanager
async def visit(devtools: str, url: str, *, bot: bool = True) -> AsyncIterator[Page]:
    """A tab of the sandbox's page, once it is up; nothing may go wrong in it, and nothing may leave the sandbox."""
    async with browse(devtools, url) as page:
        await page.until("document.querySelector('#messages') && document.querySelector('#composer')")
        if bot:
            await page.until("document.querySelector('#link.on')")
        yield page
        assert page.troubles == []
        own = url.partition("?")[0]
        assert [each for each in page.requests if not each.startswith((own, "data:", "about:", "blob:"))] == []


async def _open(page: Page, context: str, url: str) -> None:
    made = await page.ask("Target.createTarget", url="about:blank", browserContextId=context)
    target = made["result"]["targetId"]
    page.session = (await page.ask("Target.attachToTarget", targetId=target, flatten=True))["result"]["sessionId"]
    for domain in ("Page", "Runtime", "Network", "Log"):
        await page.ask(f"{domain}.enable")
    await page.ask("Page.addScriptToEvaluateOnNewDocument", source=SOCKETS)
    await page.resize(DESKTOP)
    await page.scheme("dark")
    await page.ask(
        "Browser.grantPermissions",
        permissions=["clipboardReadWrite", "clipboardSanitizedWrite"],
        browserContextId=context,
    )
    await page.ask("Page.navigate", url=url)
