"""Code-set files to test the readers with: the real ones, small ones in the same formats, and damaged copies."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random

import openpyxl
import pytest

from bot.codes.release import FileFault, Source
from bot.codes.sources.recognise import read_file
from tests.content.codesets import SHARED


def shared(*parts: str) -> Path:
    """A real file, or a skipped test where the folder with them isn't at hand."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path} is not there: the official files are not shipped with the project")
    return path


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def cuts(data: bytes, times: int, seed: int) -> Iterator[bytes]:
    """Beginnings of a file, as a broken download leaves them."""
    rng = Random(seed)
    return (data[: rng.randrange(1, len(data))] for _ in range(times))


def flips(data: bytes, times: int, seed: int) -> Iterator[bytes]:
    """Copies with one byte changed."""
    rng = Random(seed)
    for _ in range(times):
        copy = bytearray(data)
        copy[rng.randrange(len(copy))] ^= rng.randrange(1, 256)
        yield bytes(copy)


def outcome(path: Path, effective: date | None = None, cpt_licence: bool = False) -> list[Source] | None:
    """What is read, or None for a fault that says which file it is about; any other exception fails the test."""
    try:
        return read_file(path, effective=effective, cpt_licence=cpt_licence)
    except FileFault as fault:
        text = str(fault)
    assert path.name in text
    assert "\n" not in text
    return None


def sizes(sources: Iterable[Source]) -> list[tuple[object, ...]]:
    """How much each source tells: what a changed letter in a title leaves alone."""
    return [
        (s.system, s.scope, len(s.entries), len(s.changes), len(s.terms), len(s.definitions), s.before, s.after)
        for s in sources
    ]


def order_line(number: int, key: str, flag: int, long: str, short: str | None = None) -> str:
    short = short or (long if len(long) <= 60 else f"{long[:30].strip()} abbr")
    return f"{number:05} {key:7} {flag} {short:60} {long}"


def order_file(entries: Sequence[tuple[str, int, str]]) -> str:
    return "".join(order_line(n, key, flag, title) + "\r\n" for n, (key, flag, title) in enumerate(entries, 1))


CM_ORDER = order_file([
    ("A00", 0, "Cholera"),
    ("A000", 1, "Cholera due to Vibrio cholerae 01, biovar cholerae"),
    ("A001", 1, "Cholera due to Vibrio cholerae 01, biovar eltor"),
    ("S02", 0, "Fracture of skull and facial bones"),
    ("S020", 0, "Fracture of vault of skull"),
    ("S020XXA", 1, "Fracture of vault of skull, initial encounter for closed fracture"),
    ("U09", 0, "Post COVID-19 condition"),
    ("U099", 1, "Post COVID-19 condition, unspecified"),
])  # fmt: skip
PCS_ORDER = order_file([
    ("001", 0, "Central Nervous System and Cranial Nerves, Bypass"),
    ("0016070", 1, "Bypass Cerebral Ventricle to Nasopharynx with Autologous Tissue Substitute, Open Approach"),
    ("B00", 0, "Central Nervous System, Plain Radiography"),
    ("B00B0ZZ", 1, "Plain Radiography of Spinal Cord using High Osmolar Contrast"),
    ("XY0", 0, "Extracorporeal, Introduction"),
    ("XY0VX83", 1, "Extracorporeal Introduction of Endothelial Damage Inhibitor to Vein Graft, New Technology Group 3"),
])  # fmt: skip

HCPCS: tuple[dict[str, str], ...] = (
    {"code": "A1", "kind": "7", "long": "Dressing for one wound", "cov": "C"},
    {"code": "TC", "kind": "7", "long": "Technical component; " + "a charge may be made for it alone " * 7},
    {"code": "A0021", "kind": "3", "long": "Ambulance service, outside state per mile", "cov": "I", "price": "00"},
    {"code": "A4000", "kind": "3", "long": "A supply that is no longer used", "ended": "20191231", "action": "D"},
    {"code": "E0100", "kind": "3", "long": "Cane, includes canes of all materials", "cov": "D", "price": "32"},
    {"code": "V5364", "kind": "3", "long": "Dysphagia screening", "cov": "S", "price": "00", "xref": "V5362"},
)


def hcpcs_lines(records: Iterable[dict[str, str]] = HCPCS, width: int = 320) -> list[str]:
    """Records of the text format, long descriptions broken up into lines of 80 characters."""
    lines: list[str] = []
    for record in records:
        words, parts = record["long"].split(), [""]
        for word in words:
            if len(parts[-1]) + len(word) + 1 > 80:
                parts.append("")
            parts[-1] = f"{parts[-1]} {word}".strip()
        for n, part in enumerate(parts):
            kind = record["kind"] if n == 0 else str(int(record["kind"]) + 1)
            line = f"{record['code']:>5}{100 * (n + 1):05}{kind}{part:80}"
            if n == 0:
                line = f"{line}{record['long'][:28]:28}{record.get('price', ''):2}".ljust(204)
                line = f"{line}{record.get('xref', ''):25}{record.get('cov', 'C')}".ljust(268)
                dates = f"{record.get('added', '20020701')}{record.get('acted', '20020701')}"
                line += f"{dates}{record.get('ended', ''):8}{record.get('action', 'N')}"
            lines.append(line.ljust(width))
    return lines


def hcpcs_text(records: Iterable[dict[str, str]] = HCPCS, width: int = 320) -> str:
    preamble = "***Disclaimers\t\t\r\n*Inclusion of a code does not imply coverage.\t\r\n\r\n"
    return preamble + "".join(line + "\r\n" for line in hcpcs_lines(records, width))


HEADING = (
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "PRICE1", "MULT_PI", "XREF1", "COV", "BETOS",
    "TOS1", "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD",
)  # fmt: skip


def hcpcs_workbook(path: Path, records: Iterable[dict[str, str]] = HCPCS, heading: Sequence[str] = HEADING) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Disclaimers"])
    sheet.append([])
    sheet.append(list(heading))
    for record in records:
        cells = {
            "HCPC": record["code"], "SEQNUM": "0010", "RECID": record["kind"], "LONG DESCRIPTION": record["long"],
            "SHORT DESCRIPTION": record["long"][:28], "PRICE1": record.get("price", ""), "MULT_PI": "",
            "XREF1": record.get("xref", ""), "COV": record.get("cov", "C"), "BETOS": "", "TOS1": "",
            "ADD DT": record.get("added", "20020701"), "ACT EFF DT": record.get("acted", "20020701"),
            "TERM DT": record.get("ended", ""), "ACTION CD": record.get("action", "N"),
        }  # fmt: skip
        sheet.append([cells.get(name, "") for name in heading])
    book.save(path)
    return path


ADDENDA = """Add:         C7831   Secondary malignant neoplasm of larynx
Delete:      D691    Qualitative platelet defects
Add:         D6911   Glanzmann thrombasthenia
Revise from: Z2914   Encounter for prophylactic rabies immune globin
Revise to:   Z2914   Encounter for prophylactic rabies immune globulin

Codes
  74719 codes in icd10cm_order_2026.txt
  74720 codes in icd10cm_order_2027.txt
      2 additions
      1 deletions
      1 revisions
""".replace("\n", "\r\n")

INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2027</version>
  <title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
  <letter>
    <title>A</title>
    <mainTerm>
      <title>Abandonment</title>
      <see>Maltreatment</see>
    </mainTerm>
    <mainTerm>
      <title>Abasia<nemod>(-astasia) (hysterical)</nemod></title>
      <code>F44.4</code>
    </mainTerm>
    <mainTerm>
      <title>Abscess<nemod>(connective tissue)</nemod></title>
      <code>L02.91</code>
      <term level="1">
        <title>skin</title>
        <seeAlso>Cellulitis</seeAlso>
        <term level="2">
          <title>arm</title>
          <code>L02.41-</code>
        </term>
      </term>
      <term level="1">
        <title>amebic</title>
        <code>A06.81</code>
        <manif>G07</manif>
      </term>
    </mainTerm>
  </letter>
</ICD10CM.index>
"""

PCS_TABLES = """<?xml version="1.0" encoding="utf-8"?>
<ICD10PCS.tabular>
  <version>2026</version>
  <title>2026 ICD-10-PCS Tables</title>
  <pcsTable>
    <axis pos="1" values="1"><title>Section</title><label code="0">Medical and Surgical</label></axis>
    <axis pos="2" values="1"><title>Body System</title><label code="0">Central Nervous System</label></axis>
    <axis pos="3" values="1"><title>Operation</title><label code="1">Bypass</label>
      <definition>Altering the route of passage of the contents of a tubular body part</definition></axis>
    <pcsRow codes="4">
      <axis pos="4" values="1"><title>Body Part</title><label code="6">Cerebral Ventricle</label></axis>
      <axis pos="5" values="2"><title>Approach</title><label code="0">Open</label><label code="3">Percutaneous</label></axis>
      <axis pos="6" values="1"><title>Device</title><label code="Z">No Device</label></axis>
      <axis pos="7" values="2"><title>Qualifier</title><label code="2">Atrium</label><label code="B">Cerebral Cisterns</label></axis>
    </pcsRow>
  </pcsTable>
  <pcsTable>
    <axis pos="1" values="1"><title>Section</title><label code="B">Imaging</label></axis>
    <axis pos="2" values="1"><title>Body System</title><label code="0">Central Nervous System</label></axis>
    <axis pos="3" values="1"><title>Type</title><label code="0">Plain Radiography</label></axis>
    <pcsRow codes="2">
      <axis pos="4" values="1"><title>Body Part</title><label code="B">Spinal Cord</label></axis>
      <axis pos="5" values="2"><title>Contrast</title><label code="0">High Osmolar</label><label code="Y">Other Contrast</label></axis>
      <axis pos="6" values="1"><title>Qualifier</title><label code="Z">None</label></axis>
      <axis pos="7" values="1"><title>Qualifier</title><label code="Z">None</label></axis>
    </pcsRow>
  </pcsTable>
</ICD10PCS.tabular>
"""
