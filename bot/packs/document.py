"""Reading one YAML file written by somebody who is no programmer: safely, and with the line of every value."""

import re
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any

import yaml

SIZE_AT_MOST = 1_000_000
DEPTH_AT_MOST = 12

Path = tuple[str | int, ...]

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a pack: where it is, and what to do about it."""

    file: str
    line: int
    place: str
    text: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.place}: {self.text}" if self.place else f"{where}: {self.text}"


@dataclass(slots=True)
class Document:
    """A parsed file: its data, the line of each value, what each unquoted value was written as, and its faults."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict[Path, int])
    written: dict[Path, str] = field(default_factory=dict[Path, str])
    faults: list[tuple[Path, int, str]] = field(default_factory=list[tuple[Path, int, str]])

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def read_document(path: File) -> Document:
    """Parse a file. What can't be taken is a fault in the result, never an exception."""
    document = Document()
    try:
        if path.stat().st_size > SIZE_AT_MOST:
            raise ValueError(f"the file is larger than {SIZE_AT_MOST:,} bytes: split it")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        document.faults.append(((), 0, f"the file is not UTF-8 text (byte {error.start}): save it as UTF-8"))
        return document
    except (OSError, ValueError) as error:
        document.faults.append(((), 0, str(error)))
        return document
    parse(text, document)
    return document


def parse(text: str, document: Document) -> None:
    """Fill `document` from YAML text without tags, anchors and aliases."""
    try:
        if _refused(text, document):
            return
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        document.faults.append(((), line, f"not readable as YAML: {error.problem or error.context}"))
    except yaml.YAMLError as error:
        document.faults.append(((), 0, f"not readable as YAML: {str(error).splitlines()[0]}"))
    except RecursionError:
        document.faults.append(((), 0, f"values are nested deeper than {DEPTH_AT_MOST} levels"))
    else:
        if root is not None:
            document.data = _value(root, (), document)


def _refused(text: str, document: Document) -> bool:
    """Look over the events before anything is built: what packs never need is refused, not expanded."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            document.faults.append(((), line, "anchors (&) and aliases (*) are not used in packs: write the value out"))
            return True
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            document.faults.append(((), line, f"tags such as {tag} are not used in packs: remove it"))
            return True
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_AT_MOST:
            document.faults.append(((), line, f"values are nested deeper than {DEPTH_AT_MOST} levels"))
            return True
    return False


def _value(node: yaml.Node, path: Path, document: Document) -> Any:
    line = node.start_mark.line + 1
    document.lines[path] = line
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            # A key is the word as written: YAML would read `no:` as False.
            key = str(getattr(key_node, "value", key_node))
            if key in found:
                document.faults.append(((*path, key), key_node.start_mark.line + 1, "given twice: keep one"))
                continue
            found[key] = _value(value_node, (*path, key), document)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, i), document) for i, child in enumerate(node.value)]
    return _scalar(node, path, line, document)


def _scalar(node: yaml.Node, path: Path, line: int, document: Document) -> Any:
    text: str = node.value
    kind = node.tag.removeprefix(_TAG)
    if kind in ("str", "timestamp"):
        return text
    document.written[path] = text
    if kind == "null":
        return None
    if kind == "int" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "bool" and text in ("true", "false"):
        return text == "true"
    if kind == "float" and text.replace(".", "", 1).isdigit():
        return float(text)
    meant = {"int": "a number", "float": "a number", "bool": "true or false"}.get(kind, kind)
    document.faults.append((path, line, f'YAML reads unquoted {text} as {meant}; write "{text}" in quotes'))
    return text
