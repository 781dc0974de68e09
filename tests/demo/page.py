"""The demo as its visitor has it: the process, and the page in a headless browser."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as TookTooLong

ROOT = Path(__file__).parents[2]
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def find_browser() -> str | None:
    """Chromium or Chrome as the system has it; nothing is downloaded."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def demo_process(folder: Path, codes: Path | None = None, content: Path = ROOT / "content") -> Iterator[str]:
    """Run `python -m bot demo` on a free port; yields the page's address. `folder` receives var/.

    `codes` is where a code database made with `content` is; without it one is built in `folder`, which takes a while.
    """
    command = [sys.executable, "-m", "bot", "demo", "--no-open", "--port", "0"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "CODES_PATH": str(codes or folder / "var" / "codes"),
        "CONTENT_PATH": str(content),
    }
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        seen = ""
        for line in process.stdout:
            seen += line
            if match := re.search(r"http://\S+", line):
                yield match[0]
                break
        else:
            raise AssertionError(f"the demo did not start: {seen}")
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@contextmanager
def open_page(url: str, width: int = 1280, height: int = 1000) -> Iterator["DemoPage"]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(url)
        yield DemoPage(page)
        browser.close()


class DemoPage:
    """What a visitor can do on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.locator("#channel-composer-input")).to_be_visible(timeout=20_000)
        page.wait_for_timeout(500)

    @property
    def messages(self) -> Locator:
        return self.page.locator("[data-message-id]")

    def be(self, name: str) -> None:
        """Look through another person's eyes."""
        label = self.page.locator("#viewer-picker option", has_text=name).inner_text()
        self.page.locator("#viewer-picker").select_option(label=label)
        self.page.wait_for_timeout(1000)

    def command(self, text: str, *options: str | tuple[str, str]) -> None:
        """Type a slash command, take it from the picker, choose options from their lists, and send it.

        An option is how its choice begins; as (typed, choice) it is typed into the field first, which suggests.
        """
        self.page.locator("#channel-composer-input").click()
        self.page.keyboard.type(text)
        self.page.locator("[role=option]:visible").first.wait_for()
        self.page.keyboard.press("Enter")
        for option in options:
            typed, choice = option if isinstance(option, tuple) else ("", option)
            if typed:
                self.page.locator(".command-option-input:focus").wait_for()
                self.page.keyboard.type(typed)
            self.page.locator("[role=option]:visible", has_text=re.compile(f"^{re.escape(choice)}")).first.click()
            self.page.wait_for_timeout(300)
        self.page.wait_for_timeout(300)
        self.page.keyboard.press("Escape")
        self.page.locator("#send-message").click()
        self.settled()

    def choose(self, placeholder: str, choice: str) -> None:
        """Open the lowest select of that placeholder and take the option that begins so."""
        select = self.page.get_by_role("combobox", name=re.compile(f"^{re.escape(placeholder)}")).last
        option = self.page.locator("[role=option]:visible", has_text=re.compile(f"^{re.escape(choice)}")).first
        for _ in range(3):
            select.click()
            try:
                option.click(timeout=5_000)
            except TookTooLong:
                continue  # The page was told that the clock moved, and drew its messages anew, with every list closed.
            break
        self.settled()

    def press(self, label: str) -> None:
        """Press the lowest button of that name."""
        self.page.get_by_role("button", name=label, exact=True).last.click()
        self.settled()

    def press_first(self) -> None:
        """Press the first button of the lowest message."""
        self.messages.last.get_by_role("button").first.click()
        self.settled()

    def settled(self) -> None:
        """Wait until the page says that the bot has finished, and go to its answer."""
        self.page.wait_for_timeout(600)
        expect(self.page.locator("#action-status")).to_have_text(re.compile("completed$"), timeout=15_000)
        view = self.page.get_by_role("button", name="View response")
        if view.count() and view.first.is_visible():
            view.first.click()
        self.page.wait_for_timeout(400)

    def newest(self) -> int:
        """The number of the newest question on the page."""
        return max(int(number) for number in re.findall(r"Question (\d+) ·", self.page.locator("body").inner_text()))

    def find_buttons(self) -> int:
        """Skip days until the newest question is one with buttons, and not with a list to choose several from."""
        while not self.page.get_by_role("button", name="B", exact=True).count():
            self.next_day()
        return self.newest()

    def next_day(self) -> None:
        """Move the simulated clock by a day, and wait for the question that comes with it."""
        number = self.newest() + 1
        self.command("/demo skip", "a day")
        self.reads(f"Question {number} ·", timeout=30_000)
        self.page.wait_for_timeout(500)

    def reads_no_more(self, text: str) -> None:
        """Assert that no message holds the text, now or in a moment."""
        expect(self.page.get_by_text(text)).to_have_count(0)

    def reads(self, text: str, timeout: int = 20_000) -> None:
        """Assert that a message holds the text."""
        expect(self.page.get_by_text(text).last).to_be_visible(timeout=timeout)
