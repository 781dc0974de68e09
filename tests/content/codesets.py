"""The official code sets that the content is checked against: ICD-10-CM tabular, its addenda, HCPCS Level II, ICD-10-PCS."""

import re
import zipfile
from functools import cache
from importlib.metadata import distribution
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
ADDENDA = SHARED / "icd10cm_fy2027" / "icd10cm_codes_addenda_2027.txt"
HCPCS = SHARED / "hcpcs_2025oct" / "HCPC2025_OCT_ANWEB.xlsx"
PCS = SHARED / "icd10pcs_fy2026" / "icd10pcs_tables_2026.xml"

_CELLS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# The third character is a digit but for a few categories such as C7A and Z3A; "A1C" is a laboratory test.
ICD10CM = re.compile(r"(?<![\w.])(?<!vitamin )[A-Z][0-9][0-9AB](?:\.[0-9A-Z]{1,4})?(?!\w|\.\w)")
HCPCS_SHAPE = re.compile(r"(?<![\w.])[A-V][0-9]{4}(?!\w)")
PCS_SHAPE = re.compile(r"(?<![\w.])(?=\w*[0-9])(?=\w*[A-Z])[0-9A-HJ-NP-Z]{7}(?!\w)")


def _packaged(pattern: str) -> Path:
    package = distribution("simple-icd-10-cm")
    [found] = [file for file in package.files or () if re.search(pattern, str(file))]
    return Path(str(package.locate_file(found)))


@cache
def confirmed() -> frozenset[str]:
    """Every code of the release without its dot: the Tabular List says in prose where a 7th character is not used."""
    text = _packaged(r"data/code-list-[^/]*\.txt$").read_text(encoding="utf-8")
    return frozenset(line.split()[0].replace(".", "") for line in text.splitlines() if line.strip())


@cache
def icd10cm() -> dict[str, bool]:
    """Every ICD-10-CM code and header with its dot, and whether it is billable."""
    root = ElementTree.parse(_packaged(r"data/icd10c-tabular-[^/]*\.xml$")).getroot()
    found: dict[str, bool] = {}
    for section in root.iter("section"):
        for entry in section.findall("diag"):
            _add(entry, (), found)
    return found


def _add(entry: ElementTree.Element, inherited: tuple[str, ...], found: dict[str, bool]) -> None:
    name = entry.findtext("name", "")
    own = entry.find("sevenChrDef")
    sevenths = inherited if own is None else tuple(e.attrib["char"] for e in own.iter("extension"))
    children = entry.findall("diag")
    found[name] = not children and not sevenths
    for child in children:
        _add(child, sevenths, found)
    if not children:
        stem = (name if "." in name else name + ".").ljust(7, "X")
        found.update((stem + last, True) for last in sevenths if stem.replace(".", "") + last in confirmed())


@cache
def deleted_2027() -> frozenset[str]:
    """Codes that the FY2027 addenda delete, without the dot."""
    lines = ADDENDA.read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[1] for line in lines if line.startswith("Delete:"))


@cache
def hcpcs() -> dict[str, bool]:
    """Every HCPCS Level II code and modifier of the October 2025 file, and whether it has a termination date."""
    with zipfile.ZipFile(HCPCS) as book:
        shared = [
            "".join(part.text or "" for part in entry.iter(f"{_CELLS}t"))
            for entry in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    found: dict[str, bool] = {}
    ended = ""
    for row in sheet.iter(f"{_CELLS}row"):
        cells: dict[str, str] = {}
        for cell in row.iter(f"{_CELLS}c"):
            value = cell.findtext(f"{_CELLS}v", "")
            column = re.sub(r"\d", "", cell.attrib["r"])
            cells[column] = shared[int(value)] if cell.get("t") == "s" else value
        if not ended:
            ended = next((column for column, text in cells.items() if text == "TERM DT"), "")
        elif code := cells.get("A", "").strip():
            found[code] = bool(cells.get(ended, "").strip())
    return found


@cache
def pcs() -> frozenset[str]:
    """Every code of the ICD-10-PCS tables: for each row of a table, its values in all combinations."""
    found: set[str] = set()
    for table in ElementTree.parse(PCS).getroot().iter("pcsTable"):
        start = "".join(label.attrib["code"] for axis in table.findall("axis") for label in axis.findall("label"))
        for line in table.findall("pcsRow"):
            values = [[label.attrib["code"] for label in axis.findall("label")] for axis in line.findall("axis")]
            found.update(start + "".join(end) for end in product(*values))
    return frozenset(found)
