"""Discord's limits and /code: entries of the whole database, the longest of everything, and what no release had yet."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from discord import ui

from bot.codes.book import CodeBook
from bot.codes.sheet import Sheet, chain, sheet
from bot.core.codes import NoteKind, System, Version
from bot.core.together import Finding, Placed, Together, Verdict, together
from cogs.code import pair, render
from cogs.code.ids import Where, read
from cogs.ui.layout import TEXT_AT_MOST, text_length
from tests.content.test_limits import faults, words

TODAY = date(2026, 11, 21)
LONGEST_NOTE = 1_200
"""Characters; the longest shipped has 1,137."""


def named(book: CodeBook, sql: str) -> list[tuple[System, str]]:
    """The (system, key) that a query gives."""
    return [(System(system), key) for system, key in book.connection.execute(sql)]


def version_of(book: CodeBook, key: str, system: System = System.ICD10CM) -> Version:
    version = book.entry(system, key, TODAY)
    assert version is not None
    return version


def found(book: CodeBook, system: System, key: str) -> Sheet:
    return sheet(book, version_of(book, key, system), TODAY)


def pages_of(shown: Sheet, on: date | None = None) -> list[ui.LayoutView]:
    """Every page of an entry, with the longest custom_ids that it can have."""
    entry = shown.version.entry
    where = Where(shown.version.release.system, entry.key, on=on)
    pages: list[ui.LayoutView] = []
    for page in range(100):
        view = render.sheet(shown, where.turned(page))
        pages.append(view)
        if f"code:{where.turned(page + 1)}" not in usable(view):
            break
    return pages


def usable(view: ui.LayoutView) -> set[str]:
    return {item.custom_id or "" for item in view.walk_children() if isinstance(item, ui.Button) and not item.disabled}


def shown_text(view: ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))


def broken(view: ui.LayoutView) -> list[str]:
    """Which limits a view breaks, the values of its options included, which must lead somewhere."""
    values = [option.value for item in view.walk_children() if isinstance(item, ui.Select) for option in item.options]
    bad = [f"value {value}" for value in values if len(value) > 100 or values.count(value) > 1 or read(value) is None]
    return faults(view) + bad


def select_of(view: ui.LayoutView) -> ui.Select[Any]:
    [select] = [item for item in view.walk_children() if isinstance(item, ui.Select)]
    return select


@pytest.mark.parametrize(("which", "count"), [("book", 400), ("book_of_all", 1_000)])
async def test_any_entry_fits_on_any_page_of_it(request: pytest.FixtureRequest, which: str, count: int) -> None:
    book: CodeBook = request.getfixturevalue(which)
    everything = named(book, "SELECT DISTINCT system, key FROM entries ORDER BY system, key")
    assert len(everything) > 90_000
    for system, key in Random(2026).sample(everything, count):
        for view in pages_of(found(book, system, key), TODAY):
            assert broken(view) == [], f"{system} {key}"


@pytest.mark.parametrize("which", ["book", "book_of_all"])
async def test_every_page_of_the_entries_with_most_notes_fits_and_has_them_all(
    request: pytest.FixtureRequest, which: str
) -> None:
    book: CodeBook = request.getfixturevalue(which)
    most = named(
        book,
        "SELECT e.system, e.key FROM notes n JOIN entries e ON e.id = n.entry GROUP BY e.system, e.key"
        " ORDER BY count(*) * 50 + sum(length(n.text)) DESC LIMIT 200",
    )
    assert len(most) == 200
    for system, key in most:
        shown = found(book, system, key)
        pages = pages_of(shown, TODAY)
        assert [broken(page) for page in pages] == [[]] * len(pages), key
        text = " ".join(shown_text(page) for page in pages).replace("\\", "")
        for note in shown.notes:
            assert note.text.lstrip(", ") in text, f"{key}: {note.text}"


async def test_the_longest_descriptor_is_shown_in_full(book_of_all: CodeBook) -> None:
    [(system, key)] = named(book_of_all, "SELECT system, key FROM entries ORDER BY length(title) DESC LIMIT 1")
    shown = found(book_of_all, system, key)
    title = shown.version.entry.title
    assert len(title) == 4_492
    pages = pages_of(shown)
    assert len(pages) == 3
    assert [broken(page) for page in pages] == [[]] * 3
    bodies = "".join(shown_text(page).replace("\\", "") for page in pages)
    assert sum(part in bodies for part in title.split("; ")) >= len(title.split("; ")) - len(pages)
    assert title[-100:] in bodies
    choice = render.choice_name(shown.version, TODAY)
    assert len(choice) <= 100
    assert choice.startswith(f"{key} Advanced primary care management")
    list_of_it = render.matches("x" * 6_000, [shown.version] * 10, TODAY, TODAY)
    assert text_length(list_of_it) <= TEXT_AT_MOST


async def test_everything_below_an_entry_is_reached_by_its_select(book_of_all: CodeBook) -> None:
    [(system, key)] = named(
        book_of_all, "SELECT system, parent FROM entries GROUP BY system, parent ORDER BY count(*) DESC LIMIT 1"
    )
    shown = found(book_of_all, system, key)
    assert len(shown.children) > 1_000
    where = Where(system, key, on=TODAY)
    reached: list[str] = []
    while True:
        view = render.sheet(shown, where)
        assert broken(view) == []
        *options, last = select_of(view).options
        reached += [option.value for option in options]
        following = read(last.value)
        assert following is not None
        if following.skip == 0:
            break
        where = following
    assert last.label == "… back to the first"
    assert reached == [str(where.other(child)) for child in shown.children]


async def test_a_select_that_came_too_late_begins_again(book: CodeBook) -> None:
    shown = found(book, System.ICD10CM, "E11")
    view = render.sheet(shown, Where(System.ICD10CM, "E11", page=9, skip=99_999))
    assert broken(view) == []
    assert select_of(view).options[0].label.startswith("E11.0")


async def test_titles_that_fill_everything_still_fit(book: CodeBook) -> None:
    """No release has these lengths; the next may."""
    shown = found(book, System.ICD10CM, "S061X7A")
    long = replace(
        shown,
        version=_longer(shown.version),
        path=[_longer(version) for version in shown.path],
        history=[
            _longer(shown.version, until=date(2026, 9, 30)),
            _longer(shown.version, since=date(2026, 10, 1), to="y"),
        ],
        children=[_longer(shown.version, to=f"{n}") for n in range(60)],
    )
    for view in pages_of(long, TODAY):
        assert broken(view) == []


def _longer(version: Version, to: str = "x", **changes: Any) -> Version:
    entry = replace(version.entry, title=words(600, to), key=f"{to}{version.entry.key}"[:13])
    return replace(version, entry=entry, **changes)


async def test_an_end_that_no_release_tells_is_not_given_as_known(book: CodeBook) -> None:
    shown = found(book, System.ICD10CM, "E119")
    gone = replace(shown.version, until=date(2027, 9, 30), gone=True)
    view = render.sheet(replace(shown, version=gone, history=[gone]), Where(System.ICD10CM, "E119"))
    assert "**Ended by 2027-09-30**, maybe before 2026-11-21: FY2026, April 2026 update has it" in shown_text(view)
    assert "last day of service" not in shown_text(view)
    later = render.sheet(
        replace(shown, version=gone, history=[gone], on=date(2027, 10, 1)), Where(System.ICD10CM, "E119")
    )
    assert "it ended by **2027-09-30**, maybe long before" in shown_text(later)


async def test_only_seventh_characters_that_exist_are_listed(book: CodeBook) -> None:
    assert [value for value, _ in found(book, System.ICD10CM, "S061X7").sevenths] == ["A"]


# -- two codes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", Verdict)
async def test_any_number_of_the_longest_notes_fits(book: CodeBook, verdict: Verdict) -> None:
    first, second = (version_of(book, key) for key in ("S061X7A", "T4995XA"))
    kinds = (NoteKind.EXCLUDES1, NoteKind.EXCLUDES2, NoteKind.CODE_FIRST)
    findings = tuple(
        Finding(first, second, Placed(kinds[n // 20], words(LONGEST_NOTE, f"{n}*_"), first, heading="due to:"))
        for n in range(60)
    )
    answer = Together(_longer(first), _longer(second), verdict, findings)
    views = [pair.together(answer, page, TODAY) for page in range(60)]
    assert [broken(view) for view in views] == [[]] * 60
    text = "".join(map(shown_text, views)).replace("\\", "")
    assert all(f"{n}*_" in text for n in range(60))


def pairs(book: CodeBook) -> Iterator[tuple[str, str]]:
    keys = [
        key for _, key in named(book, "SELECT system, key FROM entries WHERE level = 'code' AND system = 'ICD-10-CM'")
    ]
    rng = Random(2026)
    for _ in range(300):
        yield rng.choice(keys), rng.choice(keys)


async def test_what_is_said_of_any_two_codes_fits(book: CodeBook) -> None:
    seen: set[Verdict] = set()
    for first, second in pairs(book):
        a, b = (chain(book, version_of(book, key), TODAY) for key in (first, second))
        answer = together(a, b, book.categories)
        assert broken(pair.together(answer, 0, TODAY)) == [], (first, second)
        seen.add(answer.verdict)
    assert seen >= {Verdict.NO_NOTE, Verdict.BOTH}
