"""Tells by its content what a file of a code set is, and reads it; archives as CMS publishes them too."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.codes.release import FileFault, Source
from bot.codes.sources import addenda, cpt, hcpcs_text, order
from bot.codes.sources.archive import NotOurs, Skip, is_archive, read_archive
from bot.codes.sources.hcpcs_xlsx import has_records, is_workbook, read_workbook
from bot.codes.sources.icd10cm import read_tabular
from bot.codes.sources.index import read_index
from bot.codes.sources.markup import root_of
from bot.codes.sources.pcs import read_definitions, read_tables
from bot.codes.sources.years import fiscal
from bot.core.codes import System

_SAMPLE = 64_000  # bytes looked at
_WANTED = (
    "expected is a tabular, index or order file or codes addenda of ICD-10-CM, tables, definitions or an order file of "
    "ICD-10-PCS, an HCPCS ANWEB file (txt or xlsx), or a zip archive of these"
)
_ELSEWHERE = "is no code-set file that can be read here"


def read_file(
    path: Path, *, effective: date | None = None, cpt_licence: bool = False, on_skip: Skip | None = None
) -> list[Source]:
    """What a file tells: one source, or for an archive one for each code-set file in it.

    `effective` is the first day of the release, for files that don't tell it or tell it wrongly; `cpt_licence` is
    the operator's word that they hold a licence for CPT; `on_skip` hears of every file of an archive that isn't read.
    Raises FileFault for any file that can't be used.
    """
    if path.is_dir():
        raise FileFault(path.name, "", f"is a folder; {_WANTED}")
    read = _Reading(effective, cpt_licence)
    try:
        if is_archive(path):
            return [_of_april(path.name, source, effective) for source in read_archive(path, read.one, on_skip)]
        return [read.one(path)]
    except NotOurs as error:
        raise FileFault(path.name, "", f"{error}; {_WANTED}") from None
    except OSError as error:
        raise FileFault(path.name, "", f"can't be read ({error.strerror or error})") from None


def _of_april(archive: str, source: Source, effective: date | None) -> Source:
    """A fiscal year's file from an archive of its April update: the archive alone is named after the month."""
    april = "april" in archive.lower() and effective is None and source.until is not None
    if not april or source.system not in (System.ICD10CM, System.ICD10PCS):
        return source
    release = fiscal(archive, (source.until or source.effective).year, None)
    return replace(source, name=release.name, effective=release.effective)


class _Reading:
    """How to read files: what the operator said of them."""

    def __init__(self, effective: date | None, cpt_licence: bool) -> None:
        self.effective = effective
        self.cpt_licence = cpt_licence

    def one(self, path: Path) -> Source:
        """A single file. Raises NotOurs if it is of no kind that is read here."""
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
        start = start.removeprefix(b"\xef\xbb\xbf")
        if not start.strip():
            raise NotOurs("is empty")
        if start.startswith(b"PK"):
            source = self.workbook(path)
        elif start.lstrip().startswith(b"<"):
            source = self.markup(path)
        else:
            source = self.text(path, start)
        return replace(source, file=path.name)

    def workbook(self, path: Path) -> Source:
        if not is_workbook(path) or not has_records(path):
            raise NotOurs("is an archive or a workbook without a list of HCPCS codes")
        return read_workbook(path, self.effective)

    def markup(self, path: Path) -> Source:
        root = root_of(path)
        if root == "ICD10CM.tabular":
            return read_tabular(path, effective=self.effective)
        if root == "ICD10CM.index":
            return read_index(path, self.effective)
        if root == "ICD10PCS.tabular":
            return read_tables(path, self.effective)
        if root == "ICD10PCS.definitions":
            return read_definitions(path, self.effective)
        raise NotOurs(f"is XML with the root {root}, which {_ELSEWHERE}")

    def text(self, path: Path, start: bytes) -> Source:
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            raise NotOurs("is a workbook of the old Excel format; save it as .xlsx, or take the text file")
        lines = [line for line in start.decode("latin-1").splitlines()[:400] if line.strip()]
        first = lines[0] if lines else ""
        if addenda.START.match(first):
            if first[13:18].isdigit() and first[18:19] == " ":
                raise NotOurs("is the addenda of an order file; the codes addenda or the order file tell the same")
            return addenda.read_addenda(path, self.effective)
        if order.LINE.match(first):
            return order.read_order(path, self.effective)
        if any(hcpcs_text.RECORD.match(line) and len(line) > 100 for line in lines):
            return hcpcs_text.read_text(path, self.effective)
        if cpt.is_list(lines):
            return cpt.read_cpt(path, self.effective, self.cpt_licence)
        raise NotOurs(_ELSEWHERE)
