"""Takes the pictures of docs/images from the demo in headless Chromium: python -m tests.demo.screenshots."""

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
    with tempfile.TemporaryDirectory() as folder, demo_process(Path(folder)) as url, open_page(url) as page:
        page.find_buttons()
        page.command("/setup")
        take(page, "setup")
        page.be("Ana")
        take(page, "question")
        page.press("B")
        take(page, "answer")
        page.press("Explain")
        take(page, "explain")
        page.be("Ben")
        page.press("A")
        page.next_day()
        page.command("/daily")
        take(page, "daily")
        page.page.get_by_text("· the key is").last.evaluate("element => element.scrollIntoView({block: 'start'})")
        take(page, "reveal")


if __name__ == "__main__":
    main()
