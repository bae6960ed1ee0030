"""What the page makes of texts that would stop it, without a browser: its modules draw into plain objects."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

MARKDOWN = Path(__file__).parents[3] / "deploy" / "sandbox" / "page" / "messages" / "markdown.js"
READ = """
globalThis.navigator ??= { language: "en" };
globalThis.localStorage ??= { getItem: () => null, setItem() {} };
globalThis.location ??= { hash: "", search: "" };
const { markdown, plain } = await import(process.argv[1]);
const under = (node) => (node?.props ? 1 + depth(node.props.children) : 0);
const depth = (node) => (Array.isArray(node) ? Math.max(0, ...node.map(depth)) : under(node));
const texts = JSON.parse(process.argv[2]);
console.log(JSON.stringify(texts.map((text) => [plain(text), depth(markdown(text))])));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
def test_no_text_stops_the_page() -> None:
    texts = ["<t:9999999999999>", "<t:-9999999999999:R>", "<t:8640000000001:F> x", ">" * 4000, "> a\n> > b"]
    done = subprocess.run(
        ["node", "--input-type=module", "-e", READ, MARKDOWN.as_uri(), json.dumps(texts)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (late, early, mixed, deep, quoted) = json.loads(done.stdout)
    assert [late[0], early[0], mixed[0]] == texts[:3]  # no such moment: as it was typed
    assert deep[1] == quoted[1] == 2  # a quote does not hold another, as on Discord
    assert "> b" in quoted[0]
