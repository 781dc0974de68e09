"""The demo as its visitor has it: the process, and the page in a headless browser."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, Response, expect, sync_playwright
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
        expect(page.locator("#action-status")).to_have_text(re.compile("(ready|updated)$"), timeout=20_000)

    @property
    def messages(self) -> Locator:
        return self.page.locator("[data-message-id]")

    def be(self, name: str) -> None:
        """Look through another person's eyes."""
        label = self.page.locator("#viewer-picker option", has_text=name).inner_text()
        with self.acting("viewer"):
            self.page.locator("#viewer-picker").select_option(label=label)

    def command(self, text: str, *options: str | tuple[str, str | None]) -> None:
        """Type a slash command, take it from the picker, choose options from their lists, and send it.

        An option is how its choice begins; as (typed, choice) it is typed into the field first, which suggests. A field
        that takes any text has None for a choice.
        """
        self.page.locator("#channel-composer-input").click()
        self.page.keyboard.type(text)
        self.page.locator("[role=option]:visible").first.wait_for()
        self.page.keyboard.press("Enter")
        for option in options:
            typed, choice = option if isinstance(option, tuple) else ("", option)
            if typed:
                # The field before it keeps the focus for a moment, with what was chosen there.
                expect(self.page.locator(".command-option-input:focus")).to_have_value("", timeout=15_000)
                self.page.keyboard.type(typed)
            if choice is None:
                self.page.keyboard.press("Tab")
            else:
                self.page.locator("[role=option]:visible", has_text=re.compile(f"^{re.escape(choice)}")).first.click()
            self.page.wait_for_timeout(300)
        self.page.wait_for_timeout(300)
        self.page.keyboard.press("Escape")
        with self.acting("run_command"):
            self.page.locator("#send-message").click()

    def choose(self, placeholder: str, choice: str) -> None:
        """Open the lowest select of that placeholder and take the option that begins so."""
        select = self.page.get_by_role("combobox", name=re.compile(f"^{re.escape(placeholder)}")).last
        option = self.page.locator("[role=option]:visible", has_text=re.compile(f"^{re.escape(choice)}")).first
        with self.acting("select"):
            for _ in range(3):
                select.click()
                try:
                    option.click(timeout=5_000)
                except TookTooLong:
                    continue  # The page was told of something new, and drew its messages again, with every list closed.
                break

    def press(self, label: str) -> None:
        """Press the lowest button of that name."""
        with self.acting("click"):
            self.page.get_by_role("button", name=label, exact=True).last.click()

    def press_first(self) -> None:
        """Press the first button of the lowest message."""
        with self.acting("click"):
            self.messages.last.get_by_role("button").first.click()

    @contextmanager
    def acting(self, kind: str) -> Iterator[None]:
        """Around what makes the page act: waits until the bot has finished, says if it has not, and goes to its answer."""
        with self.told(kind):
            yield
        view = self.page.locator("#view-action-output")
        if view.is_visible():
            with self.told("focus"):
                view.click()

    @contextmanager
    def told(self, kind: str) -> Iterator[None]:
        """Until the page has the outcome of its action, and takes the next one: what comes earlier it drops."""

        def of_this(response: Response) -> bool:
            return response.url.endswith("/api/action") and f'"kind":"{kind}"' in (response.request.post_data or "")

        with self.page.expect_response(of_this) as response:
            yield
        assert response.value.ok, response.value.text()
        receipt = response.value.json()
        assert receipt["settlement"] == "settled", receipt
        expect(self.page.locator("#action-status")).to_have_text(
            re.compile("(completed|switched|opened)$"), timeout=15_000
        )

    def reminders(self, name: str) -> Locator:
        """The messages that name somebody whose reminder is due."""
        return (
            self.page.get_by_role("article").filter(has_text=f"@{name}").filter(has_text="a reminder of yours is due")
        )

    def open_reminder(self, name: str) -> None:
        """Press the button of the lowest one."""
        with self.acting("click"):
            self.reminders(name).last.get_by_role("button", name="Show it to me").click()

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

    def reads_no_more(self, text: str) -> None:
        """Assert that no message holds the text, now or in a moment."""
        expect(self.page.get_by_text(text)).to_have_count(0)

    def reads(self, text: str, timeout: int = 20_000) -> None:
        """Assert that a message holds the text."""
        expect(self.page.get_by_text(text).last).to_be_visible(timeout=timeout)
