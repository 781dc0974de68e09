"""Where the current official files are: one YAML file that an operator can correct."""

from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from bot.codes.release import FileFault
from bot.core.codes import System

SHIPPED = Path(__file__).with_name("addresses.yaml")
SIZE_AT_MOST = 100_000

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_FETCHED = tuple(system for system in System if system is not System.CPT)
_MEANING = {
    "missing": "is missing",
    "extra_forbidden": "is none of the fields of an address",
    "string_type": "is no text; put it in quotes",
    "string_too_short": "is empty",
    "int_type": "is no whole number",
    "model_type": "is no address with fields such as system and url",
    "list_type": "is no list",
    "too_short": "holds no address",
}


def _system(value: object) -> System:
    if value == System.CPT:
        raise ValueError("CPT is licensed and is never fetched; import the file that you licensed")
    for system in _FETCHED:
        if value == system:
            return system
    raise ValueError(f"write one of {', '.join(_FETCHED)}")


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise ValueError("can't be read as an address; copy it from the publisher's page again") from None
    if parts.scheme not in ("https", "http") or not host or not value.isprintable() or " " in value:
        raise ValueError("is no address such as https://www.cms.gov/files/zip/name.zip")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise ValueError("must begin with https://, so that nobody can change the file on its way")
    if parts.username is not None:
        raise ValueError("holds a user name; the official files need none")
    return value


def _file_url(value: str) -> str:
    if not file_name(_url(value)):
        raise ValueError("ends in no file name")
    return value


def file_name(url: str) -> str:
    """The name of the file at an address: the last part of its path, safe to use in any folder; empty for a folder."""
    path = unquote(urlsplit(url).path)
    name = "" if path.endswith("/") else PurePosixPath(path).name.replace("\\", "_")
    return "".join(sign if sign.isprintable() and sign not in ':*?"<>|' else "_" for sign in name).lstrip(".")[-120:]


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Address(BaseModel):
    """One official file: what it is, where it is, and what it must bring. `at_least` is a size in bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    system: Annotated[System, BeforeValidator(_system)]
    what: Text
    release: Text
    url: Annotated[str, AfterValidator(_file_url)]
    page: Annotated[str, AfterValidator(_url)] | None = None
    at_least: Annotated[int, Field(ge=0)] = 0

    def __str__(self) -> str:
        return f"{self.system} {self.release}, {self.what}"


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    addresses: Annotated[list[Address], Field(min_length=1)]


def load_addresses(path: Path) -> list[Address]:
    """The addresses in a file. Raises FileFault, whose one sentence names all that is wrong with them."""
    try:
        found = _List.model_validate(_parsed(path))
    except ValidationError as error:
        faults = [_said(fault["loc"], fault["type"], fault["msg"]) for fault in error.errors(include_url=False)]
        raise FileFault(path.name, "", "; ".join(dict.fromkeys(faults))) from None
    [(url, times)] = Counter(address.url for address in found.addresses).most_common(1)
    if times > 1:
        raise FileFault(path.name, "", f"{url} is given {times} times; each file is fetched once")
    return found.addresses


def _said(loc: tuple[int | str, ...], kind: str, message: str) -> str:
    meaning = _MEANING.get(kind) or message.removeprefix("Value error, ")
    if len(loc) > 1 and isinstance(loc[1], int):
        field = f", {loc[2]}" if len(loc) > 2 else ""
        return f"address {loc[1] + 1}{field}: {meaning}"
    return f"{loc[0]}: {meaning}" if loc else "begins with no line `addresses:` and a list below it"


class _Loader(yaml.SafeLoader):
    """Sees a field that is given twice, as when the dash before a copied address was forgotten; YAML keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [str(key.value) for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for name, times in Counter(names).items():
            if times > 1:
                problem = f"{name} is given {times} times in one address; does a dash before the next one lack?"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def _parsed(path: Path) -> Any:
    try:
        if path.stat().st_size > SIZE_AT_MOST:
            raise FileFault(path.name, "", f"is larger than {SIZE_AT_MOST:,} bytes and so is no list of addresses")
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except UnicodeDecodeError:
        raise FileFault(path.name, "", "is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise FileFault(path.name, "", f"can't be read ({error.strerror or error})") from None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise FileFault(path.name, line, f"is not readable as YAML: {error.problem or error.context}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        # A date such as 2026-02-30 without quotes is a ValueError.
        problem = str(error).splitlines()[0] if str(error) else "it is nested too deeply"
        raise FileFault(path.name, "", f"is not readable as YAML: {problem}") from None
