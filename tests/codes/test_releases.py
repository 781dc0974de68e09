"""What releases laid side by side say of each day: FY2027 on top of FY2026, HCPCS of 2019 and 2025, and ICD-10-PCS."""

import re
from datetime import date, timedelta

from bot.codes.book import CodeBook
from bot.core.codes import Level, System
from tests.codes.files import shared
from tests.codes.test_book import TODAY, counted, get, order_of_children
from tests.content.codesets import ADDENDA, deleted_2027, hcpcs

LAST_2026, FIRST_2027 = date(2026, 9, 30), date(2026, 10, 1)


def footer(word: str) -> int:
    """A count that stands at the end of the addenda file."""
    shared("icd10cm_fy2027", ADDENDA.name)
    found = re.search(rf"(\d+) {word}", ADDENDA.read_text(encoding="utf-8"))
    assert found
    return int(found[1])


def changes(action: str) -> dict[str, str]:
    lines = ADDENDA.read_text(encoding="utf-8").splitlines()
    return {line[13:21].strip(): line[21:].strip() for line in lines if line.startswith(action)}


def test_each_release_has_the_counts_of_its_publisher_on_its_days(book_of_all: CodeBook):
    assert counted(book_of_all, System.ICD10CM, LAST_2026)["code"] == footer("codes in icd10cm_order_2026") == 74_719
    assert counted(book_of_all, System.ICD10CM, FIRST_2027)["code"] == footer("codes in icd10cm_order_2027") == 74_879
    assert counted(book_of_all, System.ICD10PCS, TODAY)["code"] == 79_115


def test_every_addition_is_valid_from_the_first_day_on(book_of_all: CodeBook):
    added = changes("Add:")
    assert len(added) == footer("additions")
    for key, title in added.items():
        version = get(book_of_all, key)
        assert (version.entry.title, version.since, version.until) == (title, FIRST_2027, None)
        assert not any(v.entry.billable and v.valid_on(LAST_2026) for v in book_of_all.history(System.ICD10CM, key))


def test_every_deletion_is_valid_to_the_last_day(book_of_all: CodeBook):
    assert len(deleted_2027()) == footer("deletions")
    for key in deleted_2027():
        old, *new = book_of_all.history(System.ICD10CM, key)
        assert (old.entry.billable, old.since, old.until) == (True, None, LAST_2026)
        assert old.valid_on(LAST_2026)
        assert not old.valid_on(FIRST_2027)
        assert not any(version.entry.billable for version in new)


def test_every_revision_has_the_title_of_its_day(book_of_all: CodeBook):
    old, new = changes("Revise from:"), changes("Revise to:")
    assert len(new) == footer("revisions")
    for key in new:
        assert " ".join(get(book_of_all, key, LAST_2026).entry.title.split()) == " ".join(old[key].split())
        assert " ".join(get(book_of_all, key, FIRST_2027).entry.title.split()) == " ".join(new[key].split())


def test_a_subdivided_code_is_a_header_from_then_on(book_of_all: CodeBook):
    code, header = book_of_all.history(System.ICD10CM, "D691")
    assert (code.entry.level, header.entry.level, header.since) == (Level.CODE, Level.HEADER, FIRST_2027)
    assert [v.entry.key for v in book_of_all.children(header, TODAY)] == ["D6911", "D6919"]
    assert book_of_all.children(code, LAST_2026) == []
    assert book_of_all.notes(header) == book_of_all.notes(code) != ()


def test_an_entry_that_is_not_valid_on_the_day_says_since_or_until_when(book_of_all: CodeBook):
    early = get(book_of_all, "D6911", LAST_2026)
    assert (early.valid_on(LAST_2026), early.since) == (False, FIRST_2027)
    assert book_of_all.entry(System.ICD10CM, "D6912", TODAY) is None
    assert book_of_all.history(System.ICD10CM, "D6912") == []


def test_every_header_has_something_below_it(book_of_all: CodeBook):
    found = order_of_children(book_of_all, TODAY)
    rows = book_of_all.connection.execute(
        "SELECT key FROM entries WHERE system = ?1 AND level = 'header'"
        " AND (since IS NULL OR since <= ?2) AND (until IS NULL OR until >= ?2)",
        (System.ICD10CM, TODAY.isoformat()),
    )
    assert [key for (key,) in rows if key not in found] == []


def test_no_entry_has_two_versions_on_one_day(book_of_all: CodeBook):
    rows = book_of_all.connection.execute(
        "SELECT a.system, a.key FROM entries a JOIN entries b USING (system, size, key) WHERE a.id < b.id"
        " AND coalesce(a.since, '') <= coalesce(b.until, '9') AND coalesce(b.since, '') <= coalesce(a.until, '9')"
    )
    assert rows.fetchall() == []


# HCPCS and ICD-10-PCS.


def test_terminated_codes_end_on_the_day_that_the_file_says(book_of_all: CodeBook):
    """Against an independent reading of the workbook."""
    told = {key: ended for key, ended in hcpcs().items() if not re.fullmatch(r"D\d{4}|\d.*", key)}
    newest = {key: book_of_all.history(System.HCPCS, key)[-1] for key in told}
    assert {key for key, version in newest.items() if version.until} == {key for key, ended in told.items() if ended}
    for key in [key for key, ended in told.items() if ended][::25]:
        version = newest[key]
        assert version.until
        assert version.valid_on(version.until)
        assert not version.valid_on(version.until + timedelta(1))


def test_a_description_that_was_changed_since_2019_is_known_as_it_was(book_of_all: CodeBook):
    rows = book_of_all.connection.execute(
        "SELECT key FROM entries WHERE system = ? GROUP BY key HAVING count(*) > 1 ORDER BY key", (System.HCPCS,)
    ).fetchall()
    assert len(rows) > 100
    for (key,) in rows[::20]:
        old, new = book_of_all.history(System.HCPCS, key)
        assert old.entry.title != new.entry.title
        assert (old.until, new.since) == (date(2025, 9, 30), date(2025, 10, 1))
        assert (old.release.name[-4:], new.release.name) == ("2019", "October 2025")
        assert get(book_of_all, key, date(2020, 1, 1), System.HCPCS) == old


def test_no_code_of_the_dental_association_is_there(book_of_all: CodeBook):
    rows = book_of_all.connection.execute(
        "SELECT count(*) FROM entries WHERE system = ? AND key LIKE 'D%' AND size = 5", (System.HCPCS,)
    )
    assert rows.fetchone() == (0,)


def test_modifiers_are_entries_of_their_own(book_of_all: CodeBook):
    left = get(book_of_all, "LT", system=System.HCPCS)
    assert (left.entry.level, left.entry.billable, left.entry.parent) == (Level.MODIFIER, False, "modifiers")
    assert book_of_all.newest(System.HCPCS).name == "October 2025"


def test_a_key_may_be_a_code_in_two_systems(book_of_all: CodeBook):
    assert [v.release.system for v in book_of_all.named("J1100", TODAY)] == [System.ICD10CM, System.HCPCS]
    assert [v.entry.code for v in book_of_all.named("J1100", TODAY)] == ["J11.00", "J1100"]
    assert book_of_all.named("", TODAY) == []
