"""What tests of several kinds wait for on the sandbox's page, or do there."""

from collections.abc import Mapping

from deploy.sandbox.client import Message
from tests.deploy.sandbox.browser import Page


async def pictures(page: Page, message: Message, count: int) -> None:
    """Wait until a message shows so many pictures, all of them loaded."""
    shown = f"[...document.querySelectorAll('#m{message.id} .gallery img')]"
    await page.until(f"{shown}.length === {count} && {shown}.every((it) => it.naturalWidth)")


async def newer(page: Page, message: Message, count: int, width: int = 0) -> None:
    """Wait until so many newer messages show a picture, `width` pixels wide where that is said."""
    wide = f"=== {width}" if width else "> 0"
    await page.until(
        f"[...document.querySelectorAll('.message')].filter((it) => it.id > 'm{message.id}'"
        f" && it.querySelector('.gallery img')?.naturalWidth {wide}).length === {count}"
    )


async def choose_imagine(page: Page, command: str = "/imag") -> None:
    """Begin to type the command, or another one, until it is offered."""
    await page.focus("#text")
    await page.type(command)
    await page.until("document.querySelector('#picker li')")


async def fill_in(page: Page, given: str, options: Mapping[str, str], option: str = "prompt") -> None:
    """Take the command that is offered, and type the option that it asks for, and more of them."""
    await page.press("Tab")
    await page.until(f"document.activeElement.closest('[data-option={option}]')")
    await page.type(given)
    for name, value in options.items():
        buttons = "[...document.querySelectorAll('.add-option')]"
        await page.run(f"{buttons}.find((it) => it.textContent === '+ {name}').click()")
        await page.until(f"document.activeElement.closest('[data-option={name}]')")
        await page.type(value)


async def find_emoji(page: Page, message: Message, name: str) -> None:
    """Open the emoji for a message and search until few are left; Enter then takes the first."""
    await page.click(f"#m{message.id} .tools [aria-label='Add reaction']")
    await page.until("document.activeElement.matches('.emoji-search') && document.querySelector('[data-emoji]')")
    await page.type(name)
    await page.until("document.querySelectorAll('[data-emoji]').length < 5")


async def choose(page: Page, label: str) -> None:
    """Click an entry of the menu that is open."""
    entries = "[...document.querySelectorAll('.context-menu [role=menuitem]')]"
    await page.until(f"{entries}.some((it) => it.textContent === '{label}')")
    await page.run(f"{entries}.find((it) => it.textContent === '{label}').click()")


async def copied(page: Page) -> str:
    """The text that was copied last."""
    await page.until("!document.querySelector('.context-menu')")
    return str(await page.run("navigator.clipboard.readText()"))
