"""content/ into core types: every fault of every file in one go."""

from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from bot.core.content import Content
from bot.packs import checks
from bot.packs.document import Document, Fault, read_document
from bot.packs.models import FILES, CaseModel


class PackFaults(Exception):
    """The content can't be used; `faults` says where and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"{count} in the content:\n" + "\n".join(f"  {fault}" for fault in self.faults))


TERMS = "terms"
"""The one folder that a running bot does not read: everyday terms stand in the code database."""


def load_content(root: Path, *, without: Container[str] = ()) -> Content:
    """The content under `root`, but for the folders `without`. Raises PackFaults with every fault found in any file."""
    content, faults = read_content(root, without=without)
    if faults:
        raise PackFaults(faults)
    return content


def read_content(
    root: Path, *, without: Container[str] = (), judge: checks.Judge | None = None
) -> tuple[Content, list[Fault]]:
    """The content under `root` as far as it is sound, and what is wrong with the rest; `judge` knows the code sets."""
    faults: list[Fault] = []
    entries: dict[str, list[checks.Entry]] = {folder: [] for folder in FILES}
    if not root.is_dir():
        return Content(), [Fault(str(root), 0, "", "there is no such folder; set CONTENT_PATH to where content/ is")]
    for folder, model in FILES.items():
        if folder in without:
            continue
        for path in sorted((root / folder).rglob("*.y*ml")):
            found, wrong = _read_file(path, model)
            faults += wrong
            for kind, entry in found:
                entries[kind or folder].append(entry)
    faults += checks.across(entries, judge)
    content = Content(
        items={entry.value.id: entry.value for entry in entries["questions"]},
        concepts={entry.value.id: entry.value for entry in entries["concepts"]},
        exams={entry.value.id: entry.value for entry in entries["exams"]},
        terms={entry.value.id: entry.value for entry in entries["terms"]},
        synonyms={entry.value.id: entry.value for entry in entries["synonyms"]},
        issuers={entry.value.id: entry.value for entry in entries["issuers"]},
        careers={entry.value.id: entry.value for entry in entries["careers"]},
        cases={entry.value.id: entry.value for entry in entries["cases"]},
    )
    return content, faults


QUESTIONS = "questions"


def _read_file(path: Path, model: type[BaseModel]) -> tuple[list[tuple[str, checks.Entry]], list[Fault]]:
    """What a file holds, each with the folder that it counts to where that is another (the items of a case set)."""
    document = read_document(path)
    [key] = model.model_fields
    faults = [Fault(str(path), line, _place(document, place, key), text) for place, line, text in document.faults]
    if faults and document.data is None:
        return [], faults
    try:
        parsed = model.model_validate(document.data)
    except ValidationError as error:
        known = {place for place, _, _ in document.faults}
        for wrong in error.errors(include_url=False):
            place = tuple(wrong["loc"])
            if place not in known:
                faults.append(
                    Fault(str(path), document.line(place), _place(document, place, key), _text(wrong, document))
                )
        return [], faults
    if faults:
        return [], faults
    entries: list[tuple[str, checks.Entry]] = []
    for i, entry in enumerate(getattr(parsed, key)):
        entries.append(("", checks.Entry(str(path), document.line((key, i)), entry.core())))
        if isinstance(entry, CaseModel):
            entries += [
                (QUESTIONS, checks.Entry(str(path), document.line((key, i, "items", j)), item))
                for j, item in enumerate(entry.questions())
            ]
    return entries, []


def _place(document: Document, path: Sequence[str | int], key: str) -> str:
    """A value's address as an author thinks of it: the entry's id, then the field."""
    parts: Iterable[str | int] = path
    if len(path) >= 2 and path[0] == key and isinstance(path[1], int):
        data: dict[str, list[Any]] = document.data
        entry: Any = data[key][path[1]]
        parts = [_id_of(entry) or f"entry {path[1] + 1}", *path[2:]]
        if key == "cases" and len(path) >= 4 and path[2] == "items" and isinstance(path[3], int):
            # An item of a case set is named like any other, by its own id.
            name = _id_of(entry["items"][path[3]])
            parts = [name, *path[4:]] if name else parts
    return ": ".join(str(part + 1) if isinstance(part, int) else part for part in parts)


def _id_of(entry: Any) -> str:
    name: object = cast(dict[str, Any], entry).get("id") if isinstance(entry, dict) else None
    return str(name or "")


def _text(wrong: Any, document: Document) -> str:
    path = tuple(wrong["loc"])
    if wrong["type"] == "string_type" and path in document.written:
        written = document.written[path]
        return f'YAML reads unquoted {written} as a number or a truth value, not as text; write "{written}" in quotes'
    if wrong["type"] == "missing":
        return "is missing"
    if wrong["type"] == "extra_forbidden":
        return "is not a field here; check its spelling"
    if wrong["type"] == "string_too_long":
        return f"{len(wrong['input'])} characters, {wrong['ctx']['max_length']} at most"
    if wrong["type"] == "string_too_short":
        return f"{len(wrong['input'])} characters, at least {wrong['ctx']['min_length']} needed"
    if wrong["type"] == "too_short":
        return f"{wrong['ctx']['actual_length']} given, at least {wrong['ctx']['min_length']} needed"
    if wrong["type"] == "too_long":
        return f"{wrong['ctx']['actual_length']} given, {wrong['ctx']['max_length']} at most"
    return str(wrong["msg"]).removeprefix("Value error, ")
