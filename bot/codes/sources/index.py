"""The ICD-10-CM index XML (diseases, external causes, neoplasms, drugs): the words under which a code is found."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from bot.codes.release import FileFault, Scope, Source
from bot.codes.sources.markup import Element, children, text_of, year_of
from bot.codes.sources.years import fiscal
from bot.core.codes import System, key_of

_CODE = re.compile(r"[A-Z](?=[0-9A-Z]?[0-9])[0-9A-Z]{2}(?:\.[0-9A-Z]{0,4})?\.?-?")
_DEPTH_AT_MOST = 30
_UNREAD_AT_MOST = 0.02  # of all codes: ranges and footnote marks are few

Term = tuple[str, str]


def read_index(path: Path, effective: date | None = None) -> Source:
    """Terms that lead to codes, as (key, phrase): "Abscess, skin, arm". Raises FileFault.

    A term with nonessential modifiers leads there twice, without and with them. A code that ends in a dash leads to
    its header. Manifestation codes and references to other terms (see, see also) are passed over.
    """
    reader = _Reader(path.name)
    terms: list[Term] = []
    year = 0
    for child in children(path, "ICD10CM.index"):
        if child.tag == "version":
            year = year_of(path.name, child)
        elif child.tag == "indexHeading":
            reader.headings = {head.get("col", ""): text_of(head) for head in child.findall("head")}
        elif child.tag == "letter":
            for main in child.findall("mainTerm"):
                terms += reader.terms(main, "", 1)
    if not terms:
        raise FileFault(path.name, "", "holds no terms that lead to codes")
    if not year:
        raise FileFault(path.name, "element version", "is missing")
    if len(reader.unread) > _UNREAD_AT_MOST * (len(terms) + len(reader.unread)):
        raise FileFault(path.name, f"term {reader.unread[0]}", "leads to no ICD-10-CM code, as many others here")
    release = fiscal(path.name, year, effective)
    unique = list(dict.fromkeys(terms))
    return Source(
        system=System.ICD10CM,
        scope=Scope.TERMS,
        name=release.name,
        effective=release.effective,
        until=release.until,
        terms=unique,
        counts={"terms": len(unique), "unread": len(reader.unread)},
        file=path.name,
    )


class _Reader:
    """Walks the terms; knows the column headings of the tables and which terms it couldn't take."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.headings: dict[str, str] = {}
        self.unread: list[str] = []

    def terms(self, node: Element, above: str, depth: int) -> Iterator[Term]:
        """The terms at and below a node; `above` is the phrase that leads to it."""
        title = node.find("title")
        words = _plain(title)
        if depth > _DEPTH_AT_MOST:
            raise FileFault(self.file, f"term {above[:60]}", f"has terms nested deeper than {_DEPTH_AT_MOST} levels")
        below = node.findall("term")
        if not words:
            if below or node.find("code") is not None:
                raise FileFault(self.file, f"term {above or 'at the top'}", f"has a {node.tag} without a title")
            return
        phrase = f"{above}, {words}" if above else words
        for code in node.findall("code"):
            yield from self.leads(phrase, text_of(code))
            if (full := _full(title)) != words:
                yield from self.leads(f"{above}, {full}" if above else full, text_of(code))
        for cell in node.findall("cell"):
            if (code := text_of(cell)).strip("-– "):
                heading = self.headings.get(cell.get("col", ""), "")
                yield from self.leads(f"{phrase}, {heading}" if heading else phrase, code)
        for term in below:
            yield from self.terms(term, phrase, depth + 1)

    def leads(self, phrase: str, code: str) -> Iterator[Term]:
        """The term, if `code` is one code and not a range; the tables mark some codes with a sign for a footnote."""
        bare = re.sub(r"[^0-9A-Z.-]", "", code.upper())
        if _CODE.fullmatch(bare):
            yield key_of(bare), phrase
        else:
            self.unread.append(phrase)


def _plain(title: Element | None) -> str:
    """A title without its nonessential modifiers."""
    if title is None:
        return ""
    parts = [title.text or ""]
    for child in title:
        parts += [] if child.tag == "nemod" else child.itertext()
        parts.append(child.tail or "")
    return _joined(parts)


def _full(title: Element | None) -> str:
    return _joined(title.itertext()) if title is not None else ""


def _joined(parts: Iterable[str]) -> str:
    return " ".join(" ".join(parts).split()).replace(" ,", ",").strip(" ,")
