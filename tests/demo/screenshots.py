"""Takes the pictures of docs/images from the demo in headless Chromium: python -m tests.demo.screenshots.

With the code sets of CODES_PATH, var/codes if it is not set; what is not imported there is not in the pictures.
"""

import os
import re
import tempfile
from pathlib import Path

from tests.demo.page import ROOT, DemoPage, demo_process, find_browser, open_page

IMAGES = ROOT / "docs" / "images"


def take(page: DemoPage, name: str) -> None:
    page.page.wait_for_timeout(500)
    # The conversation alone: the list beside it and the tool bar are not Discord's.
    page.page.screenshot(path=IMAGES / f"{name}.png", clip={"x": 256, "y": 52, "width": 760, "height": 940})
    print(f"docs/images/{name}.png")


def take_message(page: DemoPage, name: str, text: str = "") -> None:
    """The lowest message alone, or the lowest that holds the text, however tall it is."""
    page.page.set_viewport_size({"width": 1280, "height": 1600})
    page.page.wait_for_timeout(1000)
    message = page.messages.filter(has_text=text).last
    message.scroll_into_view_if_needed()
    page.page.wait_for_timeout(500)
    box = message.bounding_box()
    assert box is not None
    page.page.screenshot(path=IMAGES / f"{name}.png", clip={**box, "width": 700})
    print(f"docs/images/{name}.png")


def take_what_lies_ahead(page: DemoPage) -> None:
    """Exam dates, a study plan, and CEUs."""
    page.be("Ben")
    page.command("/exam set", ("cpc", "CPC"), ("in 15 days", None))
    take_message(page, "exam-set")
    page.press("Confirm")
    page.next_day()
    page.next_day()
    page.open_reminder("Ben")
    take_message(page, "exam-reminder")
    # A week that has just begun, of which the plan shows more than its last days.
    while not re.search(rf"Question {page.newest()} · (Mon|Tues|Wednes)day", page.page.locator("body").inner_text()):
        page.next_day()
    page.be("Ana")
    page.command("/exam list")
    take_message(page, "exam-list")
    page.command("/exam plan")
    take_message(page, "exam-plan")
    page.be("Olivia")
    page.command("/ceu status")
    take_message(page, "ceu-status")
    page.press("As a picture")
    page.page.wait_for_timeout(2000)
    take_message(page, "ceu-picture")


def main() -> None:
    if find_browser() is None:
        raise SystemExit("Chromium is not installed (Debian: apt-get install chromium)")
    IMAGES.mkdir(parents=True, exist_ok=True)
    codes = Path(os.environ.get("CODES_PATH", ROOT / "var" / "codes")).absolute()
    with tempfile.TemporaryDirectory() as folder, demo_process(Path(folder), codes) as url, open_page(url) as page:
        page.find_buttons()
        page.command("/setup")
        take(page, "setup")
        page.be("Ana")
        take(page, "question")
        page.press("B")
        take(page, "answer")
        page.be("Ben")
        page.press("A")
        page.next_day()
        page.command("/daily")
        take(page, "daily")
        take_message(page, "reveal", "· the key is")
        take_message(page, "live", "The live round is over")
        page.be("Ana")
        page.command("/quiz start")
        page.press_first()
        page.reads("your code books have the last word")
        take_message(page, "quiz")
        page.command("/board")
        take_message(page, "board")
        page.press("As a picture")
        page.page.wait_for_timeout(2000)
        take_message(page, "board-picture")
        page.command("/board")
        page.choose("Whom to compare", "Group against group")
        take_message(page, "board-groups")
        page.command("/group list")
        take_message(page, "group")
        page.be("Chloe")
        page.command("/code lookup", ("dilated cardiomyopathy", "I42.0 "))
        take_message(page, "lookup")
        page.command("/code together", ("E11.22", "E11.22 "), ("N18.6", "N18.6 "))
        take_message(page, "together")
        page.command("/code drill")
        page.press_first()
        page.reads("The rule")
        take_message(page, "drill")
        page.command("/explain", ("excludes1", "Excludes1 and Excludes2"))
        take_message(page, "explain")
        page.command("/cert show", ("cpc", "CPC"))
        take_message(page, "cert")
        take_what_lies_ahead(page)


if __name__ == "__main__":
    main()
