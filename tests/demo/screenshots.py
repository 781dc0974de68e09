"""Takes the pictures of docs/images from the demo in headless Chromium: python -m tests.demo.screenshots.

With the code sets of CODES_PATH, var/codes if it is not set; what is not imported there is not in the pictures.
"""

import os
import tempfile
from pathlib import Path

from tests.demo.page import ROOT, DemoPage, demo_process, find_browser, open_page

IMAGES = ROOT / "docs" / "images"


def take(page: DemoPage, name: str) -> None:
    page.page.wait_for_timeout(500)
    # The conversation alone: the list beside it and the tool bar are not Discord's.
    page.page.screenshot(path=IMAGES / f"{name}.png", clip={"x": 256, "y": 52, "width": 760, "height": 940})
    print(f"docs/images/{name}.png")


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
        page.scroll_to("· the key is")
        take(page, "reveal")
        page.be("Chloe")
        show_codes(page)
        page.command("/explain", ("excludes1", "Excludes1 and Excludes2"))
        page.scroll_to("Excludes1 and Excludes2 in practice")
        take(page, "explain")
        page.command("/cert show", ("cpc", "CPC  "))
        page.scroll_to("Certified Professional Coder")
        take(page, "cert")


def show_codes(page: DemoPage) -> None:
    page.command("/code lookup", ("dilated cardiomyopathy", "I42.0 "))
    page.scroll_to("I42.0 · Dilated cardiomyopathy")
    take(page, "lookup")
    page.command("/code together", ("E11.22", "E11.22 "), ("N18.6", "N18.6 "))
    page.scroll_to("Together, in a fixed order")
    take(page, "together")
    page.command("/code drill")
    page.scroll_to("ICD-10-CM FY")
    page.press_first()
    page.scroll_to("The rule")
    take(page, "drill")


if __name__ == "__main__":
    main()
