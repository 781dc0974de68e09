"""Pages of long text: nothing is lost, nothing is too long, and a heading is where its lines are."""

from hypothesis import given
from hypothesis import strategies as st

from cogs.ui.paging import CONTINUED, Under, paged, turning

WORDS = st.text("abc de\n", min_size=1, max_size=60).map(lambda text: text.strip() or "a")
HEADINGS = st.sampled_from(["**One**", "**Two** (at E11)"])
LINES = st.lists(st.one_of(WORDS, st.builds(Under, HEADINGS, WORDS)), max_size=30)
ROOM = 50


@given(LINES)
def test_every_word_is_on_a_page_once_and_in_order(lines: list[str | Under]):
    pages = paged(lines, ROOM)
    assert all(len(page) <= ROOM for page in pages)
    shown = [line for page in pages for line in page.split("\n") if not line.startswith("**")]
    given_ = [line.text if isinstance(line, Under) else line for line in lines]
    assert "".join("".join(shown).split()) == "".join("".join(given_).split())


@given(LINES)
def test_every_line_stands_under_its_heading_on_its_own_page(lines: list[str | Under]):
    marked = [Under(line.heading, f"{n}") if isinstance(line, Under) else f"{n}" for n, line in enumerate(lines)]
    above: dict[str, str] = {}
    for page in paged(marked, ROOM):
        heading = ""
        for line in page.split("\n"):
            if line.startswith("**"):
                heading = line.removesuffix(CONTINUED)
            elif line:
                above[line] = heading
        assert not page.split("\n")[-1].startswith("**")
    for line in marked:
        if isinstance(line, Under):
            assert above[line.text] == line.heading


def test_a_heading_stands_once_until_the_page_turns():
    lines = [Under("**Note**", "x" * 20), Under("**Note**", "y" * 20), Under("**Note**", "z" * 20)]
    assert paged(lines, 50) == [f"**Note**\n{'x' * 20}\n{'y' * 20}", f"**Note**, continued\n{'z' * 20}"]


def test_a_long_line_is_broken_between_words_under_its_heading():
    pages = paged([Under("**Note**", "wordy " * 30)], 60)
    assert len(pages) > 3
    assert pages[0].startswith("**Note**\nwordy")
    assert all(page.startswith("**Note**, continued\nwordy") for page in pages[1:])


def test_nothing_is_one_empty_page_without_buttons():
    assert paged([]) == [""]
    assert turning(0, 1, str) == []


async def test_buttons_say_which_pages_they_lead_to():
    def labels(page: int) -> list[tuple[str | None, str | None, bool]]:
        return [(b.label, b.custom_id, b.disabled) for b in turning(page, 3, lambda number: f"to:{number}")]

    assert labels(0) == [("‹ Page 1", "to:0", True), ("Page 2 of 3 ›", "to:1", False)]
    assert labels(1) == [("‹ Page 1", "to:0", False), ("Page 3 of 3 ›", "to:2", False)]
    assert labels(2) == [("‹ Page 2", "to:1", False), ("Page 3 of 3 ›", "to:3", True)]
