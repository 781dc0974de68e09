"""XML files of code sets, a child of the root at a time, so that a large file needs little memory."""

import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from bot.codes.release import FileFault

Element = ElementTree.Element


def root_of(path: Path) -> str:
    """The tag of the root element. Raises FileFault."""
    with _open(path) as file:
        for _, element in ElementTree.iterparse(file, events=("start",)):
            return element.tag
    raise FileFault(path.name, "", "holds no XML element")


def children(path: Path, root: str) -> Iterator[Element]:
    """Each child of the root element, complete; it is emptied once the next one is asked for. Raises FileFault."""
    with _open(path) as file:
        yield from _children(path.name, ElementTree.iterparse(file, events=("start", "end")), root)


@contextmanager
def _open(path: Path) -> Generator[BinaryIO, None, None]:
    """The file, with what goes wrong in reading and parsing it as FileFault."""
    try:
        with path.open("rb") as file:
            yield file
    except ElementTree.ParseError as error:
        line, _ = error.position
        text = "the XML breaks off or is damaged here; fetch the file again"
        raise FileFault(path.name, f"line {line}", text) from None
    except (LookupError, ValueError) as error:  # an encoding that doesn't exist, or can't be used for XML
        raise FileFault(path.name, "line 1", f"the XML can't be decoded ({error})") from None
    except OSError as error:
        raise FileFault(path.name, "", f"can't be read ({error.strerror})") from None


def _children(file: str, events: Iterable[tuple[str, Element]], root: str) -> Iterator[Element]:
    depth = 0
    top: Element | None = None
    for event, element in events:
        if event == "start":
            depth += 1
            if top is None:
                top = element
                if element.tag != root:
                    raise FileFault(file, f"element {element.tag}", f"stands where {root} should")
            continue
        depth -= 1
        if depth == 1 and top is not None:
            yield element
            del top[:]


def text_of(element: Element | None) -> str:
    """The text of an element without that of the elements in it, in one line."""
    return " ".join((element.text or "").split()) if element is not None else ""


def year_of(file: str, version: Element) -> int:
    """The fiscal year that a version element tells."""
    match = re.search(r"(?<!\d)20\d\d(?!\d)", version.text or "")
    if not match:
        raise FileFault(file, "element version", "holds no year such as 2026")
    return int(match[0])
