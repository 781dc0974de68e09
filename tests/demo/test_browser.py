"""The demo in headless Chromium: what a visitor sees of a server's daily question."""

import re
from pathlib import Path

import pytest

from tests.demo.page import DemoPage, demo_process, find_browser, open_page

VERDICT = re.compile(r"^Question \d+: (right|not this time)")

pytestmark = pytest.mark.skipif(
    find_browser() is None, reason="Chromium is not installed (Debian: apt-get install chromium)"
)


def answered(page: DemoPage) -> str:
    """Press B under the newest question, or choose from its list; returns the verdict read."""
    page.press("B")
    page.page.get_by_text(VERDICT).last.wait_for()
    return page.page.get_by_text(VERDICT).last.inner_text()


def test_a_visitor_sets_up_answers_and_sees_the_reveal(tmp_path: Path) -> None:
    with demo_process(tmp_path) as url, open_page(url) as page:
        page.find_buttons()
        page.command("/setup")
        page.reads("The bot has every permission it needs there.")
        page.press("Preview")
        page.reads("A sample: it takes no answers")

        page.be("Ana")
        first = answered(page)
        page.be("Ben")
        assert page.page.get_by_text(first, exact=True).count() == 0, "Ben sees Ana's private reply"
        assert answered(page) == first

        page.next_day()
        page.reads("right on the first try")
        page.command("/daily")
        page.reads("Today's question is waiting for you.")
    assert (tmp_path / "var" / "demo.db").exists()
