"""Messages that follow what happens: edited once for any number of touches, each in its turn."""

import asyncio
import logging

import pytest

from bot.core.deliveries import Retry, Undeliverable
from cogs.ui.later import Later


class Work:
    """What is done for keys; it ends as `ends` says, and for the rest well."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.ends: list[Exception] = []
        self.turns = asyncio.Semaphore(0)
        self.waiting = 0
        self.pace_fails = False

    async def do(self, key: int) -> None:
        self.done.append(key)
        if self.ends:
            raise self.ends.pop(0)

    async def pace(self) -> None:
        if self.pace_fails:
            raise RuntimeError("no turn")
        self.waiting += 1
        await self.turns.acquire()
        self.waiting -= 1


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_many_touches_come_to_one_edit_and_a_later_one_to_another() -> None:
    work = Work()
    later = Later("test", 0, work.do)
    for key in (1, 1, 2, 1):
        later.touch(key)
    await settle()
    assert sorted(work.done) == [1, 2]
    later.touch(1)
    await settle()
    assert sorted(work.done) == [1, 1, 2]


async def test_each_key_has_one_that_waits_for_its_turn() -> None:
    work = Work()
    later = Later("test", 0, work.do, pace=work.pace)
    later.touch(1)
    await settle()
    for key in (1, 1, 2):
        later.touch(key)
    await settle()
    assert (work.waiting, work.done) == (2, [])
    work.turns.release()
    await settle()
    assert work.done == [1]
    later.touch(1)
    await settle()
    assert work.waiting == 2
    later.close()
    await settle()
    assert work.done == [1]


async def test_what_can_not_wait_is_done_beside_what_waits() -> None:
    work = Work()
    later = Later("test", 3600, work.do, pace=work.pace)
    later.touch(1)
    later.now(1)
    await settle()
    assert (work.waiting, work.done) == (1, [])
    work.turns.release()
    await settle()
    assert work.done == [1]
    later.close()


async def test_a_passing_fault_is_tried_again_and_a_final_one_is_not() -> None:
    work = Work()
    later = Later("test", 0, work.do)
    work.ends = [Retry("busy", unsure=False), OSError(), Undeliverable("gone")]
    later.touch(1)
    await settle()
    assert work.done == [1, 1, 1]


async def test_a_mistake_of_ours_is_told_with_its_traceback_and_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    work = Work()
    later = Later("test", 0, work.do)
    work.ends = [KeyError("no such letter")]
    later.touch(1)
    await settle()
    assert work.done == [1]
    [told] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert told.exc_info is not None
    assert told.exc_info[0] is KeyError
    # What happens next is shown all the same.
    later.touch(1)
    await settle()
    assert work.done == [1, 1]


async def test_who_did_not_get_a_turn_may_wait_again() -> None:
    work = Work()
    later = Later("test", 0, work.do, pace=work.pace)
    work.pace_fails = True
    later.touch(1)
    await settle()
    assert work.done == []
    work.pace_fails = False
    work.turns.release()
    later.touch(1)
    await settle()
    assert work.done == [1]
