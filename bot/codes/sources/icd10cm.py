"""The ICD-10-CM tabular XML: chapters, blocks, headers and codes with their notes, 7th characters written out."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from bot.codes.release import FileFault, Scope, Source
from bot.codes.sources.years import fiscal
from bot.core.codes import Entry, Level, Note, NoteKind, System, dotted, key_of

_NOTES = {
    "notes": NoteKind.NOTE,
    "includes": NoteKind.INCLUDES,
    "inclusionTerm": NoteKind.INCLUSION_TERM,
    "codeFirst": NoteKind.CODE_FIRST,
    "useAdditionalCode": NoteKind.USE_ADDITIONAL,
    "codeAlso": NoteKind.CODE_ALSO,
    "excludes1": NoteKind.EXCLUDES1,
    "excludes2": NoteKind.EXCLUDES2,
    "sevenChrNote": NoteKind.SEVENTH,
}
_KEY = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_SKETCH = re.compile(
    r"7th characters? (?P<chars>.+?) do(?:es)? not apply to codes in category (?P<category>\w+) with 6th"
)
_SIXTH = re.compile(r"(?:6th character|, or|,| or) (\w) - ")

Sevenths = tuple[tuple[str, str], ...]


def read_tabular(path: Path, confirmed: Iterable[str] | None = None, effective: date | None = None) -> Source:
    """The release in an ICD-10-CM tabular XML file.

    `confirmed` are the keys of every header and billable code of that release where a list of them is at hand; the
    7th characters written out must give exactly these. `effective` is the first day of the release; without it that
    follows from the file's version (a fiscal year) and, for the April update, from its name. Raises FileFault.
    """
    file = path.name
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise FileFault(
            file, f"line {error.position[0]}", "the XML breaks off or is damaged here; fetch the file again"
        ) from None
    except OSError as error:
        raise FileFault(file, "", f"can't be read ({error.strerror})") from None
    if root.tag != "ICD10CM.tabular":
        raise FileFault(file, f"element {root.tag}", "is not the root of an ICD-10-CM tabular list (ICD10CM.tabular)")
    year = root.findtext("version", "").strip()
    if not re.fullmatch(r"20\d\d", year):
        raise FileFault(file, "element version", "holds no year such as 2026")
    entries = list(_Reader(file).chapters(root))
    codes = [entry for entry in entries if entry.level is Level.CODE]
    if not codes:
        raise FileFault(file, "", "holds no codes")
    if confirmed is not None:
        _confirm(file, entries, frozenset(confirmed))
    release = fiscal(file, int(year), effective)
    return Source(
        system=System.ICD10CM,
        scope=Scope.FULL,
        name=release.name,
        effective=release.effective,
        until=release.until,
        entries=entries,
        counts={"codes": len(codes), "headers": sum(entry.level is Level.HEADER for entry in entries)},
    )


def _confirm(file: str, entries: Iterable[Entry], confirmed: frozenset[str]) -> None:
    # The list names blocks too, as ranges of categories.
    listed = {key for key in confirmed if _KEY.fullmatch(key)}
    found = {entry.key for entry in entries if entry.level in (Level.CODE, Level.HEADER)}
    if found != listed:
        wrong = sorted(found ^ listed)
        raise FileFault(
            file,
            f"code {dotted(wrong[0])}",
            f"{len(found - listed)} codes too many and {len(listed - found)} too few against the release's own list",
        )


class _Reader:
    """Walks the tree; knows the file's name for faults and what was seen so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.seen: set[str] = set()
        self.refused: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def chapters(self, root: ElementTree.Element) -> Iterator[Entry]:
        for chapter in root.findall("chapter"):
            key = f"chapter {self.text(chapter, 'name', 'a chapter')}"
            yield self.entry(chapter, key, key.capitalize(), Level.CHAPTER, None)
            blocks = {section.get("id", ""): section for section in chapter.findall("section")}
            named = [reference.get("id", "") for reference in chapter.iterfind("sectionIndex/sectionRef")]
            for name in named:
                # The index names whole blocks and their parts; a part without an element of its own stands in the whole.
                if name not in blocks and not any(name.split("-")[0] >= block.split("-")[0] for block in blocks):
                    raise FileFault(self.file, f"block {name}", f"is named in the index of {key} and missing below it")
            for name, section in blocks.items():
                block = f"block {name}"
                yield self.entry(section, block, name, Level.BLOCK, key)
                for category in section.findall("diag"):
                    self.belongs(category, name)
                    yield from self.diagnosis(category, block, "", ())
        if not self.seen:
            raise FileFault(self.file, "", "holds no chapters")

    def belongs(self, category: ElementTree.Element, block: str) -> None:
        """A category lies within its block. Those such as C4A stand out of the alphabet, so that nothing is said of them."""
        name = self.text(category, "name", f"a diag below block {block}")
        first, _, last = block.partition("-")
        if name[2:3].isdigit() and not first <= name <= (last or first):
            raise FileFault(self.file, f"diag {name}", f"does not belong into the block {block}")

    def diagnosis(self, node: ElementTree.Element, parent: str, above: str, sevenths: Sevenths) -> Iterator[Entry]:
        code = self.text(node, "name", f"a diag below {parent}")
        key = key_of(code)
        if not _KEY.fullmatch(key) or not key.startswith(above):
            raise FileFault(self.file, f"diag {code}", f"does not belong below {dotted(above) if above else parent}")
        own = node.find("sevenChrDef")
        defined: Sevenths = ()
        if own is not None:
            defined = tuple((e.get("char", ""), _clean(e.text)) for e in own.iterfind("extension"))
            sevenths = defined
        children = node.findall("diag")
        header = bool(children or sevenths)
        entry = self.entry(node, key, code, Level.HEADER if header else Level.CODE, parent, defined)
        for note in entry.notes:
            self.refuse(note.text)
        yield entry
        for child in children:
            yield from self.diagnosis(child, key, key, sevenths)
        if not children and sevenths:
            yield from self.expanded(entry, sevenths)

    def expanded(self, stem: Entry, sevenths: Sevenths) -> Iterator[Entry]:
        """The codes of a stem that needs a 7th character."""
        if len(stem.key) > 6:
            raise FileFault(self.file, f"diag {stem.code}", "is too long to take a 7th character")
        base = stem.key.ljust(6, "X")
        sixths, refused = self.refused.get(base[:3], (frozenset[str](), frozenset[str]()))
        for char, meaning in sevenths:
            if base[5] in sixths and char in refused:
                continue
            yield Entry(base + char, dotted(base + char), f"{stem.title}, {meaning}", Level.CODE, stem.key)

    def refuse(self, note: str) -> None:
        """Keep what a note says of 7th characters that some codes of a category do not take (S06 has the only one)."""
        if match := _SKETCH.search(note):
            chars = frozenset(re.findall(r"\b[A-Z0-9]\b", match["chars"]))
            self.refused[match["category"]] = (frozenset(_SIXTH.findall(note)), chars)

    def entry(
        self,
        node: ElementTree.Element,
        key: str,
        code: str,
        level: Level,
        parent: str | None,
        sevenths: Sevenths = (),
    ) -> Entry:
        if key in self.seen:
            raise FileFault(self.file, f"{node.tag} {code}", "stands in the file twice")
        self.seen.add(key)
        title = self.text(node, "desc", f"{node.tag} {code}")
        if level in (Level.CHAPTER, Level.BLOCK):
            title = re.sub(r" \([A-Z]\w\w(-[A-Z]\w\w)?\)$", "", title)
        return Entry(key, code, title, level, parent, tuple(_notes(node)), sevenths)

    def text(self, node: ElementTree.Element, tag: str, place: str) -> str:
        text = _clean(node.findtext(tag))
        if not text:
            raise FileFault(self.file, place, f"has no {tag}")
        return text


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())


def _notes(node: ElementTree.Element) -> Iterator[Note]:
    for child in node:
        if kind := _NOTES.get(child.tag):
            for note in child.iterfind("note"):
                if text := _clean(note.text):
                    yield Note(kind, text)
        elif child.tag == "sevenChrDef":
            for note in child.iter("note"):
                if text := _clean(note.text):
                    yield Note(NoteKind.SEVENTH, text)
        elif child.tag == "visualImpairment":
            yield from _visual(child)


def _visual(table: ElementTree.Element) -> Iterator[Note]:
    """The one table of the tabular list, at H54.8, a line a category."""
    for category in table.iterfind("visCategory"):
        if value := category.findtext("value"):
            below = ", ".join(_clean(v.text) for v in category.iterfind("visRange/visMax/value"))
            from_ = ", ".join(_clean(v.text) for v in category.iterfind("visRange/visMin/value"))
            limits = [
                f"maximum less than {below}" if below else "",
                f"minimum equal to or better than {from_}" if from_ else "",
            ]
            yield Note(NoteKind.NOTE, f"Category {value}: {'; '.join(limit for limit in limits if limit)}")
