"""Logging: one line an event, with ids and never with what people wrote or with secrets."""

import logging
import sys
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class _TextFormatter(logging.Formatter):
    """Readable lines: the event, then its fields as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        fields = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        head, _, trace = line.partition("\n")
        head += "".join(f" {name}={value}" for name, value in fields.items())
        return head + ("\n" + trace if trace else "")


class _Handler(logging.StreamHandler[TextIO]):
    """Standard error, with the token replaced wherever a library or a traceback might have put it."""

    def __init__(self, secret: str) -> None:
        super().__init__(sys.stderr)
        self.secret = secret

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        return line.replace(self.secret, "[token]") if self.secret else line


def configure(level: str, style: str, secret: str = "") -> None:
    """Send all logs to standard error; `style` is json or text."""
    handler = _Handler(secret)
    formatter: logging.Formatter
    if style == "json":
        formatter = JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger", "message": "event"},
        )
    else:
        formatter = _TextFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("discord").setLevel(max(logging.getLevelNamesMapping()[level], logging.WARNING))
    logging.getLogger("discord.gateway").setLevel(logging.INFO if level == "DEBUG" else logging.WARNING)


def fields(**values: Any) -> dict[str, Any]:
    """Structured fields for a log call: `log.info("daily posted", extra=fields(guild=1))`."""
    return {name: value for name, value in values.items() if value is not None}
