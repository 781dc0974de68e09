"""/code drill through real discord.py: sittings that need no memory, and how every drill looks."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.codes.book import CodeBook
from bot.codes.drills import draw
from bot.codes.neighbourhood import Neighbourhood
from bot.core.drills import SEEDS, Drill, DrillKind
from bot.services.drills import Graded
from bot.storage import cards
from cogs.code import drilling
from cogs.code.drilling import NAMES, SITTING, TALLY_AT_MOST, Sitting, sitting
from cogs.ui.layout import TEXT_AT_MOST, button, text_length
from tests.cogs.conftest import Server, controls, texts
from tests.content.test_limits import faults

TODAY = date(2026, 11, 21)


class Sitter:
    """Ana and her drills."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def begin(self, kind: DrillKind | None = None, chapter: int | None = None) -> Any:
        wishes = {"kind": kind and kind.value, "chapter": chapter}
        options: dict[str, Any] = {name: value for name, value in wishes.items() if value}
        return (await self.server.ana.slash(self.server.channel, "code drill", **options)).response

    async def press_left_over(self, custom_id: str) -> Any:
        message = await self.server.left_over(button("old", custom_id))
        return (await self.server.ana.click(message, label="old")).response

    async def press(self, message: Any, custom_id: str) -> Any:
        """The private message after a press on it: the press replaces it."""
        return (await self.server.ana.click(message, custom_id=custom_id)).response or message

    async def answer(self, message: Any, *, right: bool) -> Any:
        drill, answers = await self.asked(message)
        wanted = drill.right if right else (drill.right + 1) % len(drill.options)
        return await self.press(message, answers[wanted])

    async def asked(self, message: Any) -> tuple[Drill, list[str]]:
        """The drill behind a message, and the custom_ids of its answers."""
        answers = [name for name in controls(message) if name.startswith("drill:")]
        match = re.fullmatch(rf"drill:{SITTING}:[0-9a-f]{{8}}:\d", answers[0])
        assert match
        now = sitting(match.groupdict())
        drill = await self.server.services.drills.draw(now.kind, now.chapter, now.seed, TODAY)
        assert len(answers) == len(drill.options)
        return drill, answers


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Drills read the code sets alone, so one kind of database will do."""
    return sqlite_url


@pytest.fixture
async def sitter(coded_server: Server) -> Sitter:
    return Sitter(coded_server)


def following(message: Any) -> str:
    [name] = [name for name in controls(message) if name.startswith("drill-next:")]
    return name


async def test_a_right_answer_is_explained_counted_and_followed_by_another(sitter: Sitter) -> None:
    first = await sitter.begin()
    assert first.ephemeral
    drill, _ = await sitter.asked(first)
    assert drill.question in texts(first).replace("\\", "")
    told = await sitter.answer(first, right=True)
    text = texts(told).replace("\\", "")
    assert "### Right: " in text
    assert "1 of 1 right" in text
    assert drill.rule in text
    assert drill.place in text
    assert "FY2026, April 2026 update; it ended on 2026-09-30" in text
    for option in drill.options:
        assert option.why in text
    second = await sitter.press(told, following(told))
    assert "1 of 1 right" in texts(second)
    assert (await sitter.asked(second))[0].digest != drill.digest


async def test_a_wrong_answer_names_the_right_one_and_is_counted(sitter: Sitter) -> None:
    first = await sitter.begin(DrillKind.BILLABLE)
    drill, _ = await sitter.asked(first)
    text = texts(await sitter.answer(first, right=False))
    assert f"### Not this time: the answer is {drill.options[drill.right].label} · 0 of 1 right" in text
    assert text.count("✅") == 1
    assert text.count("(yours)") == 1


async def test_a_sitting_goes_on_after_restarts_and_keeps_its_wishes(sitter: Sitter) -> None:
    message = await sitter.begin(DrillKind.LEVEL, 4)
    for count in range(1, 4):
        drill, _ = await sitter.asked(message)
        assert drill.kind is DrillKind.LEVEL
        assert drill.about.entry.key[0] == "E"
        await sitter.server.restart()
        told = await sitter.answer(message, right=count != 2)
        assert f"{count - (count > 1)} of {count} right" in texts(told)
        await sitter.server.restart()
        message = await sitter.press(told, following(told))
        assert "Billable or header? · chapter 4" in texts(message)


async def test_pressing_an_answer_twice_counts_once(sitter: Sitter) -> None:
    first = await sitter.begin()
    _, answers = await sitter.asked(first)
    once = texts(await sitter.press_left_over(answers[0]))
    assert texts(await sitter.press_left_over(answers[0])) == once
    assert " of 1 right" in once


async def test_after_the_code_set_changed_an_old_button_says_so_and_offers_another(sitter: Sitter) -> None:
    first = await sitter.begin()
    _, answers = await sitter.asked(first)
    changed = re.sub(r":[0-9a-f]{8}:(\d)$", r":00000000:\1", answers[0]).replace(":0-0:", ":3-5:")
    reply = await sitter.press_left_over(changed)
    text = texts(reply)
    assert "out of date · 3 of 5 right" in text
    assert "not counted" in text
    another = await sitter.press(reply, following(reply))
    assert "3 of 5 right" in texts(another)
    await sitter.asked(another)


async def test_looking_up_opens_the_entry_beside_the_drill(sitter: Sitter) -> None:
    told = await sitter.answer(await sitter.begin(DrillKind.EXCLUDES1), right=True)
    [look] = [name for name in controls(told) if name.startswith("drill-look:")]
    clicked = await sitter.server.ana.click(told, custom_id=look)
    assert clicked.response.ephemeral
    assert clicked.response.id != told.id
    code = texts(clicked.response).partition("### ")[2].partition(" ")[0]
    assert look == f"drill-look:ICD-10-CM|{code.replace('.', '')}"
    assert following(told)


async def test_what_was_drilled_can_be_kept_for_review(sitter: Sitter) -> None:
    told = await sitter.answer(await sitter.begin(DrillKind.PARENT), right=False)
    [save] = [name for name in controls(told) if name.startswith("code-save:")]
    saved = (await sitter.server.ana.click(told, custom_id=save)).response
    assert "Kept for review. Cards kept: 1." in texts(saved)
    assert await cards.count(sitter.server.services.db, sitter.server.ana.id) == 1


@pytest.mark.parametrize(
    ("custom_id", "told"),
    [
        ("drill-next:s:9:1:0-0", "nothing to drill that with in chapter 9"),
        ("drill-next:m:77:1:0-0", "nothing to drill that with in chapter 77"),
        ("drill-look:ICD-10-CM|NOPE", "No installed code set has"),
        ("drill-look:Nothing|E119", "No installed code set has"),
    ],
)
async def test_what_there_is_not_is_told_in_a_sentence(sitter: Sitter, custom_id: str, told: str) -> None:
    assert told in texts(await sitter.press_left_over(custom_id))
    sitter.server.forgive()


async def test_a_wish_that_can_not_be_met_is_told_at_once_and_leaves_no_drill(sitter: Sitter) -> None:
    reply = await sitter.begin(DrillKind.SEVENTH, 9)
    assert "nothing to drill that with in chapter 9" in texts(reply)
    assert controls(reply) == {}
    sitter.server.forgive()


async def test_without_code_sets_the_command_says_how_to_get_them(server: Server) -> None:
    reply = (await server.ana.slash(server.channel, "code drill")).response
    assert "python -m bot codes build" in texts(reply)
    server.forgive()


async def test_drills_work_in_direct_messages(sitter: Sitter) -> None:
    reply = (await sitter.server.ana.user.slash("code drill", kind=DrillKind.LEVEL.value)).response
    drill, answers = await sitter.asked(reply)
    told = (await sitter.server.ana.user.click(reply, custom_id=answers[drill.right])).response or reply
    assert "1 of 1 right" in texts(told)


async def test_an_option_beyond_the_last_is_refused(sitter: Sitter) -> None:
    _, answers = await sitter.asked(await sitter.begin(DrillKind.LEVEL))
    assert "does not belong to this question" in texts(await sitter.press_left_over(f"{answers[0][:-1]}9"))
    sitter.server.forgive()


# -- what it looks like --------------------------------------------------------------------------------------

SITTINGS = st.builds(
    lambda kind, chapter, seed, *tally: Sitting(kind, chapter, seed, min(tally), max(tally)),
    st.none() | st.sampled_from(DrillKind),
    st.none() | st.integers(1, 99),
    st.integers(0, SEEDS - 1),
    st.integers(0, TALLY_AT_MOST),
    st.integers(0, TALLY_AT_MOST),
)


@given(SITTINGS)
def test_a_sitting_is_read_back_as_it_was_written(now: Sitting) -> None:
    match = re.fullmatch(SITTING, str(now))
    assert match
    assert sitting(match.groupdict()) == now


@given(SITTINGS, st.booleans())
def test_a_tally_never_outgrows_its_button(now: Sitting, right: bool) -> None:
    after = now.after(right)
    assert re.fullmatch(SITTING, str(after))
    assert after.total in (now.total + 1, 1)


def test_a_tally_with_more_right_than_answered_is_read_as_all_right() -> None:
    match = re.fullmatch(SITTING, "m:0:1:9999-5")
    assert match
    assert sitting(match.groupdict()) == Sitting(None, None, 1, 5, 5)


def test_every_kind_has_a_name() -> None:
    assert set(NAMES) == set(DrillKind)
    assert max(map(len, NAMES.values())) < 30


LONGEST = Sitting(DrillKind.BILLABLE, 22, SEEDS - 1, TALLY_AT_MOST - 1, TALLY_AT_MOST - 1)


@pytest.mark.parametrize("kind", list(DrillKind), ids=lambda kind: kind.name)
async def test_drills_of_every_kind_fit_discord_and_a_phone(book: CodeBook, kind: DrillKind) -> None:
    near = Neighbourhood(book)
    for seed in range(60):
        drill = draw(near, kind, None, seed, TODAY)
        views = [drilling.question(drill, LONGEST)]
        views += [
            drilling.answered(Graded(drill, chosen), LONGEST.after(right=True)) for chosen in range(len(drill.options))
        ]
        for view in views:
            assert faults(view) == []
            buttons = [item for item in view.walk_children() if isinstance(item, ui.Button)]
            assert max(len(item.label or "") for item in buttons) <= 16
        assert not [option.why for option in drill.options if option.why in shown(views[0])]


async def test_the_longest_titles_fit(book: CodeBook) -> None:
    [(longest,)] = book.connection.execute("SELECT max(length(title)) FROM entries WHERE system = 'ICD-10-CM'")
    near = Neighbourhood(book)
    title = ("[wordy_ " * longest)[:longest]
    for kind in DrillKind:
        drill = draw(near, kind, None, 5, TODAY)
        options = tuple(replace(option, text=title, why=f"{option.why} {title[:40]}") for option in drill.options)
        drill = replace(drill, subject=f"S72.001A  {title}", options=options, rule=drill.rule + title, place=title)
        for view in (drilling.question(drill, LONGEST), drilling.answered(Graded(drill, 0), LONGEST)):
            assert faults(view) == []
            assert text_length(view) < TEXT_AT_MOST


def shown(view: ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))
