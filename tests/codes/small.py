"""A tabular list small enough to count by hand, in the format of the real one, and changes to it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.codes import installed

NAME = "icd10c-tabular-April-1-2026.xml"

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular>
  <version>2026</version>
  <introduction><introSection type="title"><title>ICD-10-CM TABULAR LIST</title></introSection></introduction>
  <chapter>
    <name>1</name><desc>Certain infectious and parasitic diseases (A00-B99)</desc>
    <sectionIndex><sectionRef first="A00" last="A09" id="A00-A09">Intestinal</sectionRef></sectionIndex>
    <section id="A00-A09">
      <desc>Intestinal infectious diseases (A00-A09)</desc>
      <diag><name>A00</name><desc>Cholera</desc>
        <diag><name>A00.0</name><desc>Cholera due to biovar cholerae</desc>
          <inclusionTerm><note>Classical cholera</note></inclusionTerm></diag>
        <diag><name>A00.1</name><desc>Cholera due to biovar eltor</desc></diag>
        <diag><name>A00.9</name><desc>Cholera, unspecified</desc></diag>
      </diag>
      <diag><name>A09</name><desc>Infectious gastroenteritis and colitis, unspecified</desc>
        <excludes1><note>colitis NOS (K52.9)</note><note>diarrhea NOS (R19.7)</note></excludes1></diag>
    </section>
  </chapter>
  <chapter>
    <name>9</name><desc>Diseases of the circulatory system (I00-I99)</desc>
    <sectionIndex><sectionRef first="I10" last="I1A" id="I10-I1A">Hypertensive</sectionRef></sectionIndex>
    <section id="I10-I1A">
      <desc>Hypertensive diseases (I10-I1A)</desc>
      <useAdditionalCode><note>code to identify:</note><note>tobacco use (Z72.0)</note></useAdditionalCode>
      <diag><name>I10</name><desc>Essential (primary) hypertension</desc></diag>
      <diag><name>I1A</name><desc>Other hypertension</desc>
        <diag><name>I1A.0</name><desc>Resistant hypertension</desc></diag></diag>
    </section>
  </chapter>
  <chapter>
    <name>19</name><desc>Injury, poisoning (S00-T88)</desc>
    <sectionIndex><sectionRef first="S00" last="S09" id="S00-S09">Injuries to the head</sectionRef></sectionIndex>
    <section id="S00-S09">
      <desc>Injuries to the head (S00-S09)</desc>
      <diag><name>S06</name><desc>Intracranial injury</desc>
        <sevenChrNote><note>The appropriate 7th character is to be added to each code, except as noted</note></sevenChrNote>
        <sevenChrDef><extension char="A">initial encounter</extension>
          <extension char="D">subsequent encounter</extension><extension char="S">sequela</extension></sevenChrDef>
        <notes><note>7th characters D and S do not apply to codes in category S06 with 6th character 7 - death due to
          brain injury, or 8 - death due to other cause.</note></notes>
        <diag><name>S06.0</name><desc>Concussion</desc>
          <diag placeholder="true"><name>S06.0X</name><desc>Concussion</desc>
            <diag><name>S06.0X0</name><desc>Concussion without loss of consciousness</desc></diag>
            <diag><name>S06.0X7</name><desc>Concussion with death due to brain injury</desc></diag>
            <diag><name>S06.0X8</name><desc>Concussion with death due to other cause</desc></diag>
          </diag></diag></diag>
    </section>
  </chapter>
  <chapter>
    <name>20</name><desc>External causes of morbidity (V00-Y99)</desc>
    <sectionIndex><sectionRef first="W00" last="W19" id="W00-W19">Falls</sectionRef></sectionIndex>
    <section id="W00-W19">
      <desc>Slipping, tripping, stumbling and falls (W00-W19)</desc>
      <diag><name>W11</name><desc>Fall on and from ladder</desc>
        <sevenChrDef><extension char="A">initial encounter</extension>
          <extension char="D">subsequent encounter</extension><extension char="S">sequela</extension></sevenChrDef></diag>
    </section>
  </chapter>
  <chapter>
    <name>22</name><desc>Codes for special purposes (U00-U85)</desc>
    <sectionIndex><sectionRef first="U00" last="U49" id="U00-U49">Provisional</sectionRef></sectionIndex>
    <section id="U00-U49">
      <desc>Provisional assignment of new diseases (U00-U49)</desc>
      <diag><name>U09</name><desc>Post COVID-19 condition</desc>
        <diag><name>U09.9</name><desc>Post COVID-19 condition, unspecified</desc></diag></diag>
    </section>
  </chapter>
</ICD10CM.tabular>
"""

CODES = frozenset([
    "A000", "A001", "A009", "A09", "I10", "I1A0", "S060X0A", "S060X0D", "S060X0S", "S060X7A", "S060X8A",
    "W11XXXA", "W11XXXD", "W11XXXS", "U099",
])  # fmt: skip
HEADERS = frozenset(["A00", "I1A", "S06", "S060", "S060X", "S060X0", "S060X7", "S060X8", "W11", "U09"])
LISTED = CODES | HEADERS

ADDED = [("I101", "Essential hypertension, labile"), ("I109", "Essential hypertension, unspecified")]


def addenda(
    added: Iterable[tuple[str, str]] = ADDED,
    deleted: Iterable[tuple[str, str]] = (("I10", "Essential (primary) hypertension"),),
    revised: Iterable[tuple[str, str, str]] = (("U099", "Post COVID-19 condition, unspecified", "Long COVID"),),
    before: int = len(CODES),
) -> str:
    """A codes addenda file of FY2027 whose own counts are right; I10 is subdivided if nothing else is said."""
    lines = [f"Add:         {key:7} {title}" for key, title in added]
    lines += [f"Delete:      {key:7} {title}" for key, title in deleted]
    for key, old, new in revised:
        lines += [f"Revise from: {key:7} {old}", f"Revise to:   {key:7} {new}"]
    counts = [len(list(changes)) for changes in (added, deleted, revised)]
    lines += ["", "Codes", f"  {before} codes in icd10cm_order_2026.txt"]
    lines += [f"  {before + counts[0] - counts[1]} codes in icd10cm_order_2027.txt"]
    lines += [f"  {counts[0]} additions", f"  {counts[1]} deletions", f"  {counts[2]} revisions", ""]
    return "\r\n".join(lines)


def install(folder: Path, patch: pytest.MonkeyPatch, text: str = TABULAR, listed: frozenset[str] = LISTED) -> Path:
    """Puts a small tabular list in the place of the installed one, so that a build takes milliseconds."""
    path = folder / NAME
    path.write_text(text, encoding="utf-8")
    patch.setattr(installed, "tabular", lambda: path)
    patch.setattr(installed, "code_list", lambda: listed)
    return path
