"""/cert through real discord.py: in servers, in direct messages, after restarts, and within Discord's limits."""

import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from discord import ui

from bot.core.certs import CareerFact, Confidence, Fact, Issuer, Stage, Step, Topic
from bot.core.content import Area, Content, Exam
from bot.packs.certs import AreaModel, CareerModel, ExamModel, FactModel, IssuerModel, StepModel
from bot.packs.load import read_content
from bot.services.certs import Certs
from cogs.cert import render
from cogs.ui.layout import TEXT_AT_MOST, text_length
from tests.cogs.conftest import Server, controls, texts
from tests.content.test_limits import faults, longest, words
from tests.samples import sample_content

ROOT = Path(__file__).parents[2]
NARROW = 100
"""Characters of a comparison's line: three lines of a phone."""

SHIPPED = read_content(ROOT / "content")[0]
EXAMS = sorted(SHIPPED.exams)


@pytest.fixture
def content() -> Content:
    """The shipped exams and issuers, with few questions."""
    sample = sample_content()
    return replace(sample, exams=SHIPPED.exams, issuers=SHIPPED.issuers, careers=SHIPPED.careers)


async def ask(person: Any, channel: Any, command: str, **options: str) -> Any:
    """The reply to a command: in a channel, or in direct messages where `channel` is None."""
    if channel is None:
        return (await person.user.slash(command, **options)).response
    return (await person.slash(channel, command, **options)).response


async def press(person: Any, page: Any, **what: str) -> str:
    """What a private page shows after a press: the press replaces it."""
    return texts((await person.click(page, **what)).response or page)


async def test_show_is_private_and_gives_each_fact_its_source_and_date(server: Server) -> None:
    reply = await ask(server.ana, server.channel, "cert show", exam="cpc")
    assert reply.ephemeral
    text = texts(reply)
    assert "### CPC  Certified Professional Coder" in text
    assert "**Time**  4 hours" in text
    assert "Sources, read 2026-11-21" in text
    assert "Confirm with AAPC before you pay or book" in text
    assert "not affiliated with or endorsed by AAPC" in text
    numbers = {line.partition("]")[0].removeprefix("-# [") for line in text.splitlines() if line.startswith("-# [")}
    cited = {
        line.rpartition(" [")[2].strip("]").partition(",")[0]
        for line in text.splitlines()
        if line.startswith("**") and line.endswith("]")
    }
    assert cited == numbers


async def test_every_exam_is_shown_in_direct_messages(server: Server) -> None:
    for exam in EXAMS:
        text = texts(await ask(server.ana, None, "cert show", exam=exam))
        assert SHIPPED.exams[exam].title in text
        assert "2026-11-21" in text


async def test_pages_turn_after_a_restart_in_a_server_and_in_direct_messages(server: Server) -> None:
    for person, channel in ((server.ana, server.channel), (server.ana, None)):
        page = await ask(person, channel, "cert show", exam="RHIA")
        await server.restart()
        clicker = person if channel else person.user
        rules = await press(clicker, page, label="Rules and cost")
        assert "Sources disagree" in rules
        assert "unsure: weak or conflicting sources" in rules
        areas = await press(clicker, page, label="Areas")
        assert "17–20 %  Data and information governance" in areas
        assert "There are no questions for this exam here so far" in areas
        assert "**Questions**  150" in await press(clicker, page, label="The exam")


async def test_from_an_exam_to_its_path_to_work_and_back(server: Server) -> None:
    page = await ask(server.ana, server.channel, "cert show", exam="coc")
    await server.restart()
    assert "**1. Prepare**" in await press(server.ana, page, label="Path to COC")
    await server.restart()
    assert "**5. Apprentice mark**" in await press(server.ana, page, label="Steps 2")
    work = await press(server.ana, page, label="Work and pay")
    assert "$50,250" in work
    assert "May 2024" in work
    assert "### COC" in await press(server.ana, page, label="Show COC")


async def test_path_in_direct_messages_says_what_is_not_known(server: Server) -> None:
    text = texts(await ask(server.ana, None, "cert path", exam="cmc"))
    assert [f"**{number}. " in text for number in range(1, 7)] == [True] * 6
    assert "**2. Register**\nNot known. Ask PMI." in text
    assert "12 CEUs each calendar year" in text


async def test_compare_puts_exams_line_by_line_under_each_fact(server: Server) -> None:
    reply = await ask(server.ana, server.channel, "cert compare", first="cpc", second="Certified Coding Specialist")
    text = texts(reply)
    assert reply.ephemeral
    assert "### CPC · CCS" in text
    assert "**Time**\nCPC: 4 hours, 2.4 minutes a question [1]\nCCS: 4 hours, 2.2 minutes a question" in text
    assert "Confirm with AAPC or AHIMA" in text
    three = texts(await ask(server.ana, None, "cert compare", first="cpc", second="ccs", third="cmc"))
    assert "\nCMC: not known" in three
    assert "AAPC, AHIMA or PMI" in three


async def test_compare_pages_and_leads_to_each_exam_after_a_restart(server: Server) -> None:
    page = await ask(server.ana, None, "cert compare", first="cpc", second="ccs", third="rhia")
    await server.restart()
    clicker = server.ana.user
    assert "**Cost**" in await press(clicker, page, custom_id="cert:beside:cpc+ccs+rhia:1")
    assert "### RHIA" in await press(clicker, page, label="Show RHIA")


@pytest.mark.parametrize(("others", "heading"), [(["ccs"], "### CPC · CCS"), (["coc", "cic"], "### CPC · COC · CIC")])
async def test_the_select_puts_one_or_two_others_beside_an_exam(
    server: Server, others: list[str], heading: str
) -> None:
    page = await ask(server.ana, server.channel, "cert show", exam="cpc")
    await server.restart()
    chosen = await server.ana.select(page, others, custom_id="cert:with:cpc")
    assert heading in texts(chosen.response or page)


@pytest.mark.parametrize(
    ("command", "option"),
    [("cert show", "exam"), ("cert path", "exam"), ("cert compare", "first"), ("cert compare", "second"), ("cert compare", "third")],
)  # fmt: skip
async def test_every_field_suggests_by_letters_title_and_issuer(server: Server, command: str, option: str) -> None:
    async def suggested(typed: str) -> list[str]:
        choices = await server.ana.autocomplete(server.channel, command, option, typed)
        assert all(0 < len(choice["name"]) <= 100 for choice in choices)
        return [choice["value"] for choice in choices]

    assert sorted(await suggested("")) == EXAMS
    assert (await suggested("ccs"))[:2] == ["ccs", "ccs-p"]
    assert await suggested("biller") == ["cpb"]
    assert await suggested("pmi") == ["cmc"]
    assert (await suggested("cpcc"))[0] == "cpc"


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("cert show", {"exam": "CPC-A"}),
        ("cert path", {"exam": "CPC-A"}),
        ("cert compare", {"first": "ccs", "second": "CPC-A"}),
        ("cert show", {"exam": "CPC-A " + "x" * 4_000}),
    ],
)
async def test_an_unknown_exam_is_answered_with_the_nearest(
    server: Server, command: str, options: dict[str, str]
) -> None:
    text = texts(await ask(server.ana, server.channel, command, **options))
    assert "There is no exam “CPC-A" in text
    assert "Nearest: C" in text
    server.forgive()


async def test_an_exam_beside_itself_is_refused_in_a_sentence(server: Server) -> None:
    text = texts(await ask(server.ana, None, "cert compare", first="cpc", second="CPC"))
    assert "That is CPC twice" in text
    server.forgive()


@pytest.mark.parametrize("custom_id", ["cert:show:old:0", "cert:path:old:0", "cert:beside:cpc+old:0"])
async def test_a_button_of_an_exam_that_is_gone_says_so(server: Server, custom_id: str) -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button(label="old", custom_id=custom_id)))
    view.stop()
    with server.env.time_context():
        channel = server.env.bot.get_partial_messageable(server.channel.id, guild_id=server.guild.id)
        old = await channel.send(view=view)
    assert "There is no exam “old” here" in texts((await server.ana.click(old, label="old")).response)


async def test_a_page_that_is_no_more_shows_the_last(server: Server) -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button(label="old", custom_id="cert:show:cpc:99")))
    view.stop()
    with server.env.time_context():
        channel = server.env.bot.get_partial_messageable(server.channel.id, guild_id=server.guild.id)
        old = await channel.send(view=view)
    reply = (await server.ana.click(old, label="old")).response
    assert reply.ephemeral
    assert "Surgery: integumentary" in texts(reply)
    assert "cert:show:cpc:0" in controls(reply)


async def test_the_commands_can_be_installed_by_a_person_and_used_everywhere(server: Server) -> None:
    bot: Any = server.env.bot
    data = bot.tree.get_command("cert").to_dict(bot.tree)
    assert sorted(data["integration_types"]) == [0, 1]
    assert sorted(data["contexts"]) == [0, 1, 2]
    assert sorted(option["name"] for option in data["options"]) == ["compare", "path", "show"]


# -- limits --------------------------------------------------------------------------------------------------


def every_page(make: Any) -> list[ui.LayoutView]:
    """All pages of something, found by turning to each number until the last comes again."""
    made: list[ui.LayoutView] = []
    for page in range(100):
        view = make(page)
        if made and view.to_components() == made[-1].to_components():
            break
        made.append(view)
    return made


def all_pages(certs: Certs, *exams: str) -> list[ui.LayoutView]:
    pages: list[ui.LayoutView] = []
    for exam in exams:
        pages += every_page(lambda page, exam=exam: render.show(certs.show(exam), page))
        pages += every_page(lambda page, exam=exam: render.path(certs.path(exam), page))
    for beside in itertools.combinations(exams, min(3, len(exams))):
        if len(beside) > 1:
            pages += every_page(lambda page, beside=beside: render.compare(certs.compare(*beside), page))
    return pages


async def test_every_page_of_every_shipped_exam_and_comparison_fits() -> None:
    pages = all_pages(Certs(SHIPPED), *EXAMS)
    assert len(pages) > 500
    for page in pages:
        assert faults(page) == []
        assert text_length(page) < 3_000


async def test_every_line_of_a_comparison_is_short_and_no_code_block_is_used() -> None:
    certs = Certs(SHIPPED)
    for beside in itertools.combinations(EXAMS, 2):
        for view in every_page(lambda page, beside=beside: render.compare(certs.compare(*beside), page)):
            shown = "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))
            assert "```" not in shown
            facts = [line for line in shown.splitlines() if not line.startswith(("-#", "#"))]
            assert [line for line in facts if len(line) > NARROW] == []


def longest_content() -> Content:
    """Three exams of one issuer, with the most and the longest of everything that a pack may hold."""
    known = {"confidence": Confidence.LOW, "as_of": date(2026, 9, 30)}

    def fact(topic: Topic, start: str) -> Fact:
        source = words(longest(FactModel, "source"), f"{start}{topic}")
        return Fact(
            topic, words(longest(FactModel, "brief")), words(longest(FactModel, "text")), source=source, **known
        )

    def exam(number: int) -> Exam:
        areas = tuple(
            Area(f"area-{i}", words(longest(AreaModel, "title")), 100.0, (), "high", (12.5, 12.5)) for i in range(30)
        )
        return Exam(
            id=f"{number}" + "x" * 23,
            name=words(longest(ExamModel, "name"), str(number)),
            issuer=words(longest(ExamModel, "issuer")),
            items=400,
            areas=areas,
            source=words(longest(ExamModel, "source")),
            as_of=date(2026, 9, 30),
            title=words(longest(ExamModel, "title")),
            facts=tuple(fact(topic, str(number)) for topic in Topic),
        )

    exams = [exam(number) for number in range(3)]
    steps = tuple(
        Step(
            stage, words(longest(StepModel, "text")), source=words(longest(StepModel, "source"), f"{i}{stage}"), **known
        )
        for stage in Stage
        for i in range(4)
    )
    title = words(longest(IssuerModel, "title"))
    careers = [
        CareerFact(
            f"c{i}",
            words(longest(CareerModel, "title")),
            words(longest(CareerModel, "text")),
            source=words(longest(CareerModel, "source"), str(i)),
            **known,
        )
        for i in range(20)
    ]
    return Content(
        exams={exam.id: exam for exam in exams},
        issuers={"i": Issuer("i", exams[0].issuer, title, (), steps)},
        careers={fact.id: fact for fact in careers},
    )


async def test_the_longest_exam_that_a_pack_may_hold_fits() -> None:
    content = longest_content()
    pages = all_pages(Certs(content), *content.exams)
    assert len(pages) > 50
    for page in pages:
        assert faults(page) == []
    assert max(map(text_length, pages)) <= TEXT_AT_MOST


async def test_an_exam_of_which_nothing_is_known_has_its_pages() -> None:
    alone = Exam("x", "X", "Nobody", None, (), "a test", date(2026, 1, 1))
    pages = all_pages(Certs(Content(exams={"x": alone})), "x")
    assert [faults(page) for page in pages] == [[]] * len(pages)
    shown = "\n".join(
        item.content for page in pages for item in page.walk_children() if isinstance(item, ui.TextDisplay)
    )
    assert shown.count("Not known") >= 9
    assert "Ask Nobody" in shown
