"""The demo in headless Chromium: what a visitor sees of a server's daily question, of codes looked up, of exam dates."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

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


def test_a_visitor_sets_up_answers_and_sees_the_reveal(tmp_path: Path, codes_folder: Path, demo_content: Path) -> None:
    with demo_process(tmp_path, codes_folder, demo_content) as url, open_page(url) as page:
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


def test_a_visitor_looks_codes_up_and_is_drilled(tmp_path: Path, codes_folder: Path, demo_content: Path) -> None:
    with demo_process(tmp_path, codes_folder, demo_content) as url, open_page(url) as page:
        page.be("Ana")
        page.command("/code lookup", ("type 2 diabetes", "E11 "))
        page.reads("E11 · Type 2 diabetes mellitus")
        page.choose("Open what stands below it", "E11.2 ")
        page.reads("E11.2 · Type 2 diabetes mellitus with kidney complications")
        page.press("Up: E11")
        page.reads_no_more("E11.2 · Type 2 diabetes mellitus with kidney complications")
        page.reads("E11 · Type 2 diabetes mellitus")

        page.command("/code together", ("E11.9", "E11.9 "), ("E10.9", "E10.9 "))
        page.reads("Not together")
        page.reads("stands at E11, above E11.9; it covers E10.9")

        page.command("/explain", ("excludes1", "Excludes1 and Excludes2"))
        page.reads("The usual trap")
        page.command("/code drill")
        page.press_first()
        page.reads("The rule")
        page.be("Ben")
        page.reads_no_more("Not together")
    assert not (tmp_path / "var" / "codes").exists(), "the demo built a code database of its own"


def test_a_visitor_practises_and_looks_at_boards(tmp_path: Path, codes_folder: Path, demo_content: Path) -> None:
    with demo_process(tmp_path, codes_folder, demo_content) as url, open_page(url) as page:
        page.reads("The live round is over")
        page.be("Ana")
        page.command("/quiz start")
        page.reads("Practice 1 of 10")
        page.press("Stop here")
        page.reads("/quiz start")
        page.command("/board")
        page.reads("3 learners ranked")
        page.choose("Whom to compare", "Group against group")
        page.reads("per member")
        page.command("/privacy visibility")
        page.press("Hide me")
        page.reads("You are hidden")
        page.be("Ben")
        page.command("/board")
        page.reads("2 learners ranked")


def test_a_visitor_sets_an_exam_date_is_reminded_and_puts_it_off(
    tmp_path: Path, codes_folder: Path, demo_content: Path
) -> None:
    with demo_process(tmp_path, codes_folder, demo_content) as url, open_page(url) as page:
        page.command("/ceu status")
        page.reads("17 CEUs missing by")
        page.be("Ben")
        page.command("/exam set", ("cpc", "CPC"), ("in 15 days", None))
        page.reads("14, 7, 3 and 1 days before and on the morning")
        page.press("Confirm")
        page.reads("CPC is set")
        page.command("/demo skip", "a day")
        expect(page.reminders("Ana")).not_to_have_count(0, timeout=20_000)
        page.command("/demo skip", "a day")
        expect(page.reminders("Ben")).to_have_count(1, timeout=20_000)

        page.open_reminder("Ben")
        page.reads("On that day the exam follows the code sets of")
        page.press("Snooze 1 hour")
        page.reads("Put off: it comes again")
        page.command("/demo skip", "an hour")
        expect(page.reminders("Ben")).to_have_count(2, timeout=20_000)
        page.open_reminder("Ben")
        page.press("Done")
        page.reads("✅ Done.")
