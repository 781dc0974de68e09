"""What Discord's errors mean for a delivery: again, again though it may have got through, or never."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.client.courier import fault_of, mark
from bot.core.deliveries import Retry, Undeliverable
from bot.storage.database import DatabaseError


def http(status: int, code: int = 0) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="because")
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = discord.DiscordServerError if status >= 500 else kinds.get(status, discord.HTTPException)
    return kind(response, {"code": code, "message": "said"})


@pytest.mark.parametrize(
    ("error", "unsure"),
    [
        (http(500), True),
        (http(502), True),
        (http(503), True),
        (http(408), True),
        (http(429), False),
        (http(401), False),
        (discord.RateLimited(7.5), False),
        (TimeoutError(), True),
        (aiohttp.ServerDisconnectedError(), True),
        (ConnectionResetError(), True),
        (DatabaseError("away"), False),
        (ZeroDivisionError(), True),
    ],
)
def test_passing_faults_are_tried_again(error: Exception, unsure: bool) -> None:
    fault = fault_of(error)
    assert isinstance(fault, Retry)
    assert fault.unsure is unsure


def test_a_rate_limit_says_how_long() -> None:
    fault = fault_of(discord.RateLimited(7.5))
    assert isinstance(fault, Retry)
    assert fault.after == 7.5


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (http(404, 10003), "channel gone"),
        (http(403, 50001), "no access to the channel"),
        (http(403, 50013), "permission missing"),
        (http(403, 50007), "direct messages closed"),
        (http(400, 50035), "refused by Discord (400, code 50035)"),
    ],
)
def test_final_faults_are_named(error: Exception, reason: str) -> None:
    fault = fault_of(error)
    assert isinstance(fault, Undeliverable)
    assert fault.reason == reason


def test_the_mark_of_the_longest_ids_fits_a_custom_id() -> None:
    assert len(mark(f"flag:keep:{2**63}:{'x' * 48}", 2**63)) <= 100
