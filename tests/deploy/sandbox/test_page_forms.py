"""Forms of the bot, and files that someone sends: what is wrong is said in words, at its place."""

from pathlib import Path

import pytest

from deploy.sandbox.client import SandboxClient
from tests.deploy.sandbox.album import shoot
from tests.deploy.sandbox.browser import CHROMIUM, Page
from tests.deploy.sandbox.page_bot import picture

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]

PROBLEMS = "[...document.querySelectorAll('.modal-field .trouble')].map((it) => it.textContent)"


async def opened(sandbox: SandboxClient, page: Page) -> None:
    await sandbox.slash("gallery", "Bea", "draw", {"prompt": "balls"})
    await page.click("[title=Tell]")
    await page.until("document.activeElement.id === 'modal-prompt'")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    found = [tmp_path / "red.png", tmp_path / "notes.txt"]
    found[0].write_bytes(picture("red").fp.read())
    found[1].write_text("nothing to see")
    return found


async def test_a_form_says_what_is_missing_and_sends_the_rest(
    shown: Page, sandbox: SandboxClient, files: list[Path]
) -> None:
    await opened(sandbox, shown)
    await shown.click(".modal-form .primary")
    await shown.until(f"{PROBLEMS}.length === 2")
    assert await shown.run(PROBLEMS) == ["Please fill this in.", "Choose at least one."]
    await shoot(shown, "form")
    assert await shown.run("document.activeElement.getAttribute('aria-describedby')") == (
        "modal-prompt-about modal-prompt-problem"
    )
    await shown.type("ab")
    await shown.until("document.querySelector('.modal-count').textContent === '2 / 60'")
    await shown.click(".modal-form .primary")
    await shown.until(f"{PROBLEMS}[0] === 'Please write at least 3 characters; there are 2.'")
    await shown.run("document.activeElement.select()")
    await shown.type("a red apple")
    await shown.tab_to("#modal-style")
    await shown.press("ArrowDown")
    for name in ("Cem", "Dua"):
        labels = "[...document.querySelectorAll('.choose-list label')]"
        await shown.run(f"{labels}.find((it) => it.textContent.includes('{name}')).click()")
    await shown.until("document.querySelectorAll('.choose-list input:disabled').length > 2")  # two are the most
    await shown.drop(".file-field", *files)
    await shown.until("document.querySelectorAll('.modal-form .chip').length === 2")
    await shown.click(".modal-form .primary")
    await shown.until("!document.querySelector('.modal-form')")
    await shown.see(
        f"a red apple · oil · Cem and Dua · red.png of {files[0].stat().st_size} bytes, notes.txt of 14 bytes"
    )


async def test_radio_buttons_checkboxes_roles_and_channels(shown: Page, sandbox: SandboxClient) -> None:
    await sandbox.slash("gallery", "Bea", "draw", {"prompt": "balls"})
    await shown.click("[title=Tune]")
    await shown.until("document.querySelector('.modal-form')")
    await shown.click(".modal-form .primary")
    await shown.until(f"{PROBLEMS}.length === 3")
    assert await shown.run(PROBLEMS) == ["Choose at least one."] * 3
    await shown.click("#modal-size label:nth-child(2) input")
    await shown.until(f"{PROBLEMS}.length === 2")  # what was mended is no trouble any more
    for number in (1, 3):
        await shown.click(f"#modal-extras label:nth-child({number}) input")
    await shown.until("document.querySelectorAll('#modal-extras input:disabled').length === 1")
    await shown.click("#modal-public")
    await shoot(shown, "form-of-choices")
    for select, name in (("modal-role", "@Moderator"), ("modal-place", "#general")):
        options = f"[...document.querySelectorAll('#{select} option')]"
        await shown.run(f"{options}.find((it) => it.textContent === '{name}').selected = true")
        await shown.run(f"document.querySelector('#{select}').dispatchEvent(new Event('input', {{bubbles: true}}))")
    await shown.click(".modal-form .primary")
    await shown.see("l · frame+shadow · False · Moderator · general")


async def test_what_the_server_refuses_is_said_at_its_field(shown: Page, sandbox: SandboxClient) -> None:
    await opened(sandbox, shown)
    await shown.type("a red apple")
    await shown.run("document.querySelector('#modal-style').value = 'ink'")
    await shown.run("document.querySelector('#modal-style').dispatchEvent(new Event('input', {bubbles: true}))")
    await shown.run(
        """{ const real = fetch; window.fetch = async (path, rest) => path !== "/sandbox/submit" ? real(path, rest) :
        new Response(JSON.stringify({ message: "Invalid Form Body", code: 50035,
            errors: { style: { _errors: [{ code: "X", message: "Ink is out." }] } } }), { status: 400 }) }"""
    )
    await shown.click(".modal-form .primary")
    await shown.until(f"{PROBLEMS}[0] === 'Ink is out.'")
    assert await shown.run("document.activeElement.id") == "modal-style"


async def test_a_form_is_thrown_away_only_on_purpose(shown: Page, sandbox: SandboxClient) -> None:
    await opened(sandbox, shown)
    await shown.type("precious")
    await shown.run(
        "document.querySelector('dialog').addEventListener('close', () => { window.shutByBrowser = true; })"
    )
    await shown.press("Escape")
    await shown.until("document.querySelector('.modal-buttons .trouble').textContent.startsWith('Close once more')")
    await shown.type(" words")
    await shown.until("document.querySelector('.modal-buttons .trouble').textContent === ''")
    assert await shown.run("document.querySelector('#modal-prompt').value") == "precious words"
    await shown.press("Escape")
    await shown.until("document.querySelector('.modal-buttons .trouble').textContent")
    assert not await shown.run("window.shutByBrowser")  # which gives no second chance
    await shown.press("Escape")
    await shown.until("!document.querySelector('.modal-form')")


async def test_files_are_dropped_pasted_and_taken_out_again(
    shown: Page, sandbox: SandboxClient, files: list[Path]
) -> None:
    await shown.drop("#log", *files)
    await shown.until("document.querySelectorAll('#composer .chip').length === 2")
    await shown.until("document.querySelector('.chip img')?.naturalWidth === 256")
    await shoot(shown, "files")
    await shown.click("[aria-label='Remove notes.txt']")
    await shown.until("document.querySelectorAll('#composer .chip').length === 1")
    await shown.run(
        """{ const clipboardData = new DataTransfer(); clipboardData.items.add(new File(["hi"], "pasted.txt"));
        const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true });
        document.querySelector("#text").dispatchEvent(paste) }"""
    )
    await shown.until("document.querySelectorAll('#composer .chip').length === 2")
    await shown.focus("#text")
    await shown.enter()
    sent = await sandbox.wait_message("gallery", lambda each: len(each.attachments) == 2)
    assert [each.filename for each in sent.attachments] == ["red.png", "pasted.txt"]
    await shown.until("!document.querySelector('#composer .chip') && document.querySelector('.gallery img')")


async def test_a_file_is_dropped_into_an_option(shown: Page, files: list[Path], tmp_path: Path) -> None:
    await shown.focus("#text")
    await shown.type("/measure")
    await shown.until("document.querySelector('#picker li')")
    await shown.enter()
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(11 * 1024 * 1024)
    await shown.drop("[data-option=picture] .file-field", large)
    await shown.until("document.querySelector('[data-option=picture] .trouble')?.textContent.includes('11.00 MB')")
    await shown.drop("[data-option=picture] .file-field", files[0])
    await shown.until("document.querySelector('[data-option=picture] .chip img')?.naturalWidth === 256")
    await shown.click(".slash .send")
    await shown.see("red.png: 256 × 256")


async def test_too_large_and_too_many_files_are_refused_in_words(
    shown: Page, sandbox: SandboxClient, tmp_path: Path
) -> None:
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(11 * 1024 * 1024)
    await shown.drop("#log", large)
    await shown.until("document.querySelector('#composer .trouble')")
    said = await shown.run("document.querySelector('#composer .trouble').textContent")
    assert said == "“large.png” has 11.00 MB; a file in Studio may have at most 10.00 MB."
    many = []
    for number in range(12):
        many.append(tmp_path / f"{number}.txt")
        many[-1].write_text("x")
    await shown.drop("#log", *many)
    await shown.until("document.querySelectorAll('#composer .chip').length === 10")
    said = await shown.run("document.querySelector('#composer .trouble').textContent")
    assert said == "At most 10 files can be added; 2 were left out."
    night = next(each for each in (await sandbox.world())["guilds"] if each["name"] == "Night Lab")
    assert await shown.run(f"import('/page/composer/attach.js').then((it) => it.limitIn({night['boost_tier']} && "
                           f"{{boost_tier: {night['boost_tier']}}}))") == 50 * 1024 * 1024  # fmt: skip
