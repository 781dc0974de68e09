"""Logs: one line an event with its fields, and never the token."""

import json
import logging
from collections.abc import Iterator

import pytest

from bot import log

TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.secret"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """The root logger and those that `configure` touches, put back."""
    names = ("", "discord", "discord.gateway")
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    for logger, level in before:
        logger.setLevel(level)


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def fail_with(text: str) -> None:
    raise RuntimeError(text)


@pytest.mark.parametrize("style", ["text", "json"])
def test_the_token_is_replaced_in_messages_args_fields_and_tracebacks(style: str, capsys: pytest.CaptureFixture[str]):
    log.configure("DEBUG", style, TOKEN)
    logger = logging.getLogger("test")
    logger.info(f"message {TOKEN}")
    logger.info("args %s %r", TOKEN, {"Authorization": f"Bot {TOKEN}"})
    logger.info("fields", extra=log.fields(header=f"Bot {TOKEN}", nested={"a": [TOKEN]}))
    try:
        fail_with(f"https://host/?token={TOKEN}")
    except RuntimeError:
        logger.exception("failed")
    logger.error("stack", stack_info=True)
    told = shown(capsys)
    assert TOKEN not in told
    assert told.count("[token]") >= 6
    assert "RuntimeError: https://host/?token=[token]" in told


@pytest.mark.parametrize("style", ["text", "json"])
def test_without_a_token_nothing_is_replaced(style: str, capsys: pytest.CaptureFixture[str]):
    log.configure("INFO", style)
    logging.getLogger("test").info("as it is")
    told = shown(capsys)
    assert "as it is" in told
    assert "[token]" not in told


def test_a_json_line_holds_time_level_logger_event_and_fields(capsys: pytest.CaptureFixture[str]):
    log.configure("INFO", "json")
    logging.getLogger("bot.daily").info("daily posted", extra=log.fields(guild=1, round=2))
    [line] = shown(capsys).splitlines()
    entry = json.loads(line)
    assert entry.pop("time")
    assert entry == {"level": "INFO", "logger": "bot.daily", "event": "daily posted", "guild": 1, "round": 2}


def test_a_json_traceback_stays_on_its_line(capsys: pytest.CaptureFixture[str]):
    log.configure("INFO", "json")
    try:
        fail_with("two\nlines")
    except RuntimeError:
        logging.getLogger("test").exception("failed")
    [line] = shown(capsys).splitlines()
    assert "RuntimeError: two\nlines" in json.loads(line)["exc_info"]


def test_a_text_line_ends_with_its_fields_before_the_traceback(capsys: pytest.CaptureFixture[str]):
    log.configure("INFO", "text")
    try:
        fail_with("why")
    except RuntimeError:
        logging.getLogger("bot.daily").exception("not posted", extra=log.fields(guild=1, reason="gone"))
    first, second, *_ = shown(capsys).splitlines()
    assert first.endswith("ERROR   bot.daily: not posted guild=1 reason=gone")
    assert second == "Traceback (most recent call last):"


def test_fields_that_are_none_are_left_out_and_zero_is_not():
    assert log.fields(guild=0, late=None, ok=False) == {"guild": 0, "ok": False}


def test_lines_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]):
    log.configure("WARNING", "text")
    logging.getLogger("test").info("quiet")
    logging.getLogger("test").warning("loud")
    told = shown(capsys)
    assert "quiet" not in told
    assert "loud" in told


@pytest.mark.parametrize(("level", "told"), [("DEBUG", True), ("INFO", False)])
def test_the_gateway_tells_its_connections_only_when_debugging(
    level: str, told: bool, capsys: pytest.CaptureFixture[str]
):
    log.configure(level, "text")
    logging.getLogger("discord.gateway").info("shard connected")
    logging.getLogger("discord.http").info("request made")
    lines = shown(capsys)
    assert ("shard connected" in lines) is told
    assert "request made" not in lines


def test_configuring_twice_does_not_double_lines(capsys: pytest.CaptureFixture[str]):
    log.configure("INFO", "text")
    log.configure("INFO", "text")
    logging.getLogger("test").info("once")
    assert shown(capsys).count("once") == 1
