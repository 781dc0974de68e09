"""/code lookup on a date of service: what is not yet valid, has ended, was subdivided or has a new title."""

import pytest

from cogs.ui.layout import BLUE, GREEN, RED
from tests.cogs.conftest import Server, accent, choose, controls, look_up, options_of, texts


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Looking up reads the code sets alone, so one kind of database will do."""
    return sqlite_url


@pytest.mark.parametrize("typed", ["2026-09-30", "09/30/2026", "9-30-2026", " 2026-09-30 "])
async def test_a_date_of_service_may_be_written_in_three_ways(full_server: Server, typed: str) -> None:
    reply = await look_up(full_server, "E89.830", on=typed)
    text = texts(reply)
    assert "**not valid on 2026-09-30**" in text
    assert "**Not yet valid** on 2026-09-30: from **2026-10-01** on" in text
    assert accent(reply) == RED.value


@pytest.mark.parametrize("typed", ["tomorrow", "2026-13-01", "30.09.2026", "2026-02-30", "20260930", "0", "1" * 300])
async def test_a_date_that_is_none_is_answered_in_a_sentence(coded_server: Server, typed: str) -> None:
    text = texts(await look_up(coded_server, "E11.9", on=typed))
    assert f"“{typed[:40]}” is not a date of service. Write it like 2026-11-21" in text
    coded_server.forgive()


async def test_a_chosen_day_is_kept_from_press_to_press(full_server: Server) -> None:
    reply = await look_up(full_server, "I42", on="2026-09-30")
    moves = [name for name in controls(reply) if name.startswith("code:")]
    assert len(moves) == 3
    assert all(name.endswith("~2026-09-30") for name in moves)
    chosen = await choose(full_server.ana, reply, options_of(reply)["I42.0 Dilated cardiomyopathy"])
    assert "**Billable code** · ICD-10-CM · valid on 2026-09-30" in texts(chosen)


async def test_a_day_of_an_older_release_that_is_installed_is_known(full_server: Server) -> None:
    text = texts(await look_up(full_server, "E11.9", on="2026-09-30"))
    assert "valid on 2026-09-30" in text
    assert "No release installed here reaches back" not in text


async def test_what_changed_stands_where_it_stood(full_server: Server) -> None:
    labels = list(options_of(await look_up(full_server, "I42")))
    assert [label.partition(" ")[0] for label in labels] == [f"I42.{digit}" for digit in range(10)]


async def test_a_day_before_every_release_says_that_nothing_is_known(coded_server: Server) -> None:
    text = texts(await look_up(coded_server, "E11.9", on="2019-01-01"))
    assert "No release installed here reaches back to 2019-01-01; this is how FY2026, April 2026 update has it" in text


# -- what changed --------------------------------------------------------------------------------------------


async def test_an_addition_of_fy2027_says_since_when(full_server: Server) -> None:
    reply = await look_up(full_server, "E89.830")
    text = texts(reply)
    assert "**Billable code** · ICD-10-CM · valid on 2026-11-21" in text
    assert "**New on 2026-10-01.**" in text
    assert "ICD-10-CM FY2027 · notes from FY2026, April 2026 update · since 2026-10-01" in text
    assert accent(reply) == GREEN.value


@pytest.mark.parametrize(("code", "below"), [("I42.0", "I42.00"), ("Z68.1", "Z68.18")])
async def test_a_code_that_was_subdivided_is_a_header_now_and_was_billable_then(
    full_server: Server, code: str, below: str
) -> None:
    now = await look_up(full_server, code)
    assert "**Header, not billable: choose a code below it** · ICD-10-CM · valid on 2026-11-21" in texts(now)
    assert "**Changed on 2026-10-01:** was a billable code until then; now it is subdivided" in texts(now)
    assert [label for label in options_of(now) if label.startswith(below)]
    assert accent(now) == BLUE.value
    then = await look_up(full_server, code, on="2026-09-30")
    assert "**Billable code** · ICD-10-CM · valid on 2026-09-30" in texts(then)
    assert "**Ends on 2026-09-30**, the last day of service on which it may be reported" in texts(then)
    assert "**Changed on 2026-10-01:** subdivided from then on, and no longer billable" in texts(then)
    assert accent(then) == GREEN.value


async def test_a_new_title_is_no_end_of_the_code(full_server: Server) -> None:
    now = texts(await look_up(full_server, "L02.232"))
    assert "### L02.232 · Carbuncle of back [any part, except buttock and flank]" in now
    assert "**Changed on 2026-10-01:** new title; before: “Carbuncle of back [any part, except buttock]”" in now
    then = texts(await look_up(full_server, "L02.232", on="2026-09-30"))
    assert "### L02.232 · Carbuncle of back [any part, except buttock]" in then
    assert "**Changed on 2026-10-01:** new title: “Carbuncle of back [any part, except buttock and flank]”" in then
    for text in (now, then):
        assert "End" not in text


async def test_a_terminated_hcpcs_code_says_so_in_red(full_server: Server) -> None:
    reply = await look_up(full_server, "C9088")
    text = texts(reply)
    assert "**not valid on 2026-11-21**" in text
    assert "**Ended.** Its last valid day was **2025-09-30**. Claims for later dates of service can't carry it" in text
    assert accent(reply) == RED.value
    earlier = await look_up(full_server, "C9088", on="2025-09-30")
    assert "valid on 2025-09-30" in texts(earlier)
    assert "Ended" not in texts(earlier)
    assert accent(earlier) == GREEN.value
    choices = await full_server.ana.autocomplete(full_server.channel, "code lookup", "code", "C9088")
    assert "[not valid now]" in choices[0]["name"]
