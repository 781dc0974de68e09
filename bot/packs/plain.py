"""What every model of a pack is built from: ids, days, and text without Markdown."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=48, description="Lower-case words with hyphens.")]

_MARKDOWN = re.compile(r"[`*_~|]{2}|`|(^|\s)#{1,3} |^> |^-# ", re.MULTILINE)


def plain(text: str) -> str:
    """The text, when it can be shown as it stands. Raises ValueError."""
    if not text.isprintable() and any(not char.isprintable() and char != "\n" for char in text):
        raise ValueError("holds an invisible control character; remove it")
    if _MARKDOWN.search(text):
        raise ValueError("holds Markdown; write plain text")
    if text != text.strip():
        raise ValueError("begins or ends with white space")
    return text


Plain = AfterValidator(plain)


def _written_date(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError('write a date in quotes, such as "2026-11-21"')
    return value


Day = Annotated[date, BeforeValidator(_written_date)]


class PackModel(BaseModel):
    """Takes no field that it doesn't know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
