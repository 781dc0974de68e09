"""Updates bring in what changed, each file on its own, and leave the code database alone whenever one fails."""

import asyncio
import io
import json
import os
import signal
import sys
import zipfile
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from bot.codes import printed
from bot.codes.addresses import Address
from bot.codes.book import CodeBook
from bot.codes.build import Place, build, is_current
from bot.codes.fetch import Patience
from bot.codes.update import AnotherRuns, Outcome, plan, update
from bot.core.codes import System
from tests.codes import small
from tests.codes.files import INDEX, PCS_TABLES, hcpcs_text, hcpcs_workbook, shared
from tests.codes.publisher import Publisher, Served, answers, cut, instead, publishing, without_ranges
from tests.codes.test_recognise import DEFINITIONS

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 21)
EVERYDAY = {"I10": ("high blood pressure",)}
PATIENT = Patience(attempts=3, stall=0.3, first_pause=0)

CM, PCS, HCPCS = "/icd10cm/2027-code-tables.zip", "/icd10pcs/2026-code-tables.zip", "/hcpcs/october-2026.zip"


def packed(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def zipped(folder: Path) -> bytes:
    return packed({path.name: path.read_bytes() for path in sorted(folder.iterdir())})


def tables_of_cm(hypertension: str = "Essential (primary) hypertension") -> bytes:
    tabular = small.TABULAR.replace("<version>2026<", "<version>2027<")
    tabular = tabular.replace("Essential (primary) hypertension", hypertension)
    return packed(
        {"Table and Index/icd10cm_tabular_2027.xml": tabular, "Table and Index/icd10cm_index_2027.xml": INDEX}
    )


@pytest.fixture
async def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Publisher]:
    """The three sets, small, packed as they are published."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    workbook = hcpcs_workbook(tmp_path / "HCPC2026_OCT_ANWEB.xlsx").read_bytes()
    async with publishing() as publisher:
        publisher.files[CM] = Served(tables_of_cm())
        publisher.files[PCS] = Served(packed({"icd10pcs_tables_2026.xml": PCS_TABLES, "definitions.xml": DEFINITIONS}))
        publisher.files[HCPCS] = Served(
            packed({"HCPC2026_OCT_ANWEB.txt": hcpcs_text(), "HCPC2026_OCT_ANWEB.xlsx": workbook, "notes.txt": "words"})
        )
        yield publisher


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Code sets that were built before, from a small installed list."""
    small.install(tmp_path, monkeypatch)
    there = Place(tmp_path / "codes")
    build(there, EVERYDAY)
    return there


def addresses(publisher: Publisher) -> list[Address]:
    return [
        Address(
            system=system, what="tables", release=release, url=publisher.base + path, page="https://example.org/page"
        )
        for system, release, path in (
            (System.ICD10CM, "FY2027", CM),
            (System.ICD10PCS, "FY2026", PCS),
            (System.HCPCS, "October 2026", HCPCS),
        )
    ]


class Told:
    """What an update says of its progress."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.bytes: dict[str, tuple[int, int]] = {}

    def __call__(self, label: str, done: int, of: int) -> None:
        self.steps.append(label)

    def arrived(self, label: str, done: int, of: int) -> None:
        self.bytes[label] = (done, of)


async def run(place: Place, wanted: list[Address], told: Told | None = None) -> list[Outcome]:
    """An update in a thread, as the server answers from this one."""
    return await asyncio.to_thread(update, place, EVERYDAY, wanted, told or Told(), patience=PATIENT, rng=Random(1))


def state(place: Place) -> dict[str, object]:
    """The code sets: the database with the time it was written, and the imported files."""
    return {
        "database": (place.database.read_bytes(), place.database.stat().st_mtime_ns),
        "files": {path.name: path.read_bytes() for path in place.files()},
        "beside": sorted(path.name for path in place.folder.iterdir() if path.name != "downloads"),
    }


def title(place: Place, system: System, key: str) -> str:
    book = CodeBook(place.database)
    found = book.entry(system, key, TODAY)
    book.close()
    return found.entry.title if found else ""


async def test_all_sets_are_fetched_and_imported_in_one_build(publisher: Publisher, place: Place):
    told = Told()
    outcomes = await run(place, addresses(publisher), told)
    assert [(o.address.system, o.fault, bool(o.imported and o.imported.new)) for o in outcomes] == [
        (System.ICD10CM, "", True), (System.ICD10PCS, "", True), (System.HCPCS, "", True),
    ]  # fmt: skip
    assert title(place, System.ICD10CM, "I10") == "Essential (primary) hypertension"
    assert title(place, System.ICD10PCS, "00160Z2").startswith("Bypass Cerebral Ventricle")
    assert title(place, System.HCPCS, "E0100") == "Cane, includes canes of all materials"
    assert is_current(place, EVERYDAY)
    assert told.steps.count("ICD-10-CM: reading") == 1
    size = len(publisher.files[CM].content)
    assert told.bytes["ICD-10-CM: tables"] == (size, size)
    assert [path.name[13:] for path in place.files()] != []
    assert not list((place.folder / "downloads").glob("*/*.zip*")), "the import keeps the only copy"


async def test_what_did_not_change_is_neither_fetched_nor_imported_again(publisher: Publisher, place: Place):
    await run(place, addresses(publisher))
    before = state(place)
    again = await run(place, addresses(publisher))
    assert [(o.imported, o.fault) for o in again] == [(None, "")] * 3
    assert [request.headers.get("If-None-Match") for request in publisher.asked[3:]] == ['"one"'] * 3
    assert state(place) == before


async def test_without_a_word_on_the_version_the_content_is_compared(publisher: Publisher, place: Place):
    publisher.files[CM] = Served(tables_of_cm(), etag="", modified="")
    first, again = [await run(place, addresses(publisher)[:1]) for _ in range(2)]
    assert (bool(first[0].imported), again[0].imported, again[0].fault) == (True, None, "")
    assert len(place.files()) == 1


async def test_a_file_whose_copy_was_removed_is_fetched_again(publisher: Publisher, place: Place):
    await run(place, addresses(publisher)[:1])
    place.files()[0].unlink()
    [outcome] = await run(place, addresses(publisher)[:1])
    assert outcome.imported is not None
    assert len(place.files()) == 1


async def test_a_corrected_file_is_imported(publisher: Publisher, place: Place):
    await run(place, addresses(publisher))
    publisher.files[CM] = Served(tables_of_cm("Primary hypertension"), etag='"two"')
    outcomes = await run(place, addresses(publisher))
    assert [bool(outcome.imported) for outcome in outcomes] == [True, False, False]
    assert title(place, System.ICD10CM, "I10") == "Primary hypertension"


GOOD = tables_of_cm()
BAD = {
    "a web page": (answers(200, {}, "<html>Moved</html>", "text/html"), "a web page came in place of the file"),
    "half an archive": (instead(GOOD[: len(GOOD) // 2]), "2027-code-tables.zip: can't be unpacked"),
    "a damaged archive": (instead(GOOD[:300] + b"\0" * 40 + GOOD[340:]), "fetch the archive again"),
    "another set": (instead(hcpcs_text().encode()), "2027-code-tables.zip"),
    "another archive": (instead(packed({"tables.xml": PCS_TABLES})), "holds ICD-10-PCS in place of ICD-10-CM"),
    "another year": (
        instead(packed({"icd10cm_tabular.xml": small.TABULAR})),
        "tells of FY2026, where the list of addresses says FY2027; if that is what you want, correct the release there",
    ),
    "papers": (instead(packed({"readme.pdf": b"%PDF-1.7"})), "holds no code-set file, only readme.pdf"),
    "nothing": (instead(b""), "the file is empty"),
    "no file": (answers(404), "there is no such file any more (404 Not Found); look up its present address on"),
    "a refusal": (answers(403), "refuses to hand it out (403 Forbidden); open https://example.org/page in a browser"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
async def test_what_can_not_be_used_changes_nothing(publisher: Publisher, place: Place, bad: str):
    step, why = BAD[bad]
    publisher.steps[CM] = [step]
    before = state(place)
    [outcome] = await run(place, addresses(publisher)[:1])
    assert outcome.imported is None
    assert why in outcome.fault
    assert outcome.fault.endswith(".")
    assert "\n" not in outcome.fault
    assert state(place) == before
    [mended] = await run(place, addresses(publisher)[:1])
    assert mended.imported is not None, "what failed leaves nothing that is gone on with"


async def test_a_file_below_its_least_size_changes_nothing(publisher: Publisher, place: Place):
    before = state(place)
    [wanted] = addresses(publisher)[:1]
    [outcome] = await run(place, [wanted.model_copy(update={"at_least": 1_000_000})])
    assert "bytes where at least 1,000,000 are due; look up its present address on https://example.org" in outcome.fault
    assert state(place) == before


async def test_one_address_that_moved_does_not_keep_the_others_back(publisher: Publisher, place: Place):
    del publisher.files[PCS]
    publisher.steps[HCPCS] = [answers(503), cut(100), publisher.stalls(200)]
    outcomes = await run(place, addresses(publisher))
    assert [bool(outcome.imported) for outcome in outcomes] == [True, False, True]
    assert title(place, System.HCPCS, "E0100")
    assert not title(place, System.ICD10PCS, "00160Z2")


async def test_a_file_that_fits_no_other_does_not_keep_the_others_back(publisher: Publisher, place: Place):
    publisher.files["/a/icd10cm_codes_addenda_2027.txt"] = Served(small.addenda(before=99).encode(), type="text/plain")
    changes = addresses(publisher)[0].model_copy(update={"url": publisher.base + "/a/icd10cm_codes_addenda_2027.txt"})
    outcomes = await run(place, [changes, *addresses(publisher)[1:]])
    assert [bool(outcome.imported) for outcome in outcomes] == [False, True, True]
    assert "can't be imported: " in outcomes[0].fault
    assert "builds on a release of 99 codes" in outcomes[0].fault
    assert title(place, System.HCPCS, "E0100")
    assert is_current(place, EVERYDAY)


async def test_pieces_that_do_not_fit_are_fetched_anew_as_a_whole(publisher: Publisher, place: Place):
    """A server that names two versions alike."""
    other = b"?" * len(GOOD)
    publisher.steps[CM] = [cut(200), instead(other), without_ranges]
    [outcome] = await run(place, addresses(publisher)[:1])
    assert outcome.imported is not None
    assert publisher.ranges() == ["", "bytes=200-", ""]


async def test_a_build_that_fails_keeps_what_was_fetched(
    publisher: Publisher, place: Place, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = state(place)
    with monkeypatch.context() as patch:
        patch.setattr("bot.codes.importing.build", full)
        outcomes = await run(place, addresses(publisher))
    assert all("No space left on device" in outcome.fault for outcome in outcomes)
    assert state(place)["database"] == before["database"]
    assert place.files() == []
    assert all(outcome.imported for outcome in await run(place, addresses(publisher)))
    assert [request.headers.get("If-None-Match") for request in publisher.asked[3:]] == ['"one"'] * 3


async def test_two_updates_do_not_run_at_once(publisher: Publisher, place: Place):
    publisher.steps[CM] = [publisher.stalls(100)]
    first = asyncio.create_task(run(place, addresses(publisher)[:1]))
    await publisher.half_sent.wait()
    with pytest.raises(AnotherRuns):
        await run(place, addresses(publisher)[:1])
    assert (await first)[0].imported is not None


async def test_a_plan_looks_at_the_disk_alone(publisher: Publisher, place: Place):
    wanted = addresses(publisher)
    await run(place, wanted[:1])
    publisher.steps[PCS] = [cut(100), answers(404)]
    await run(place, wanted[1:2])
    asked = len(publisher.asked)
    assert [(one.known, one.bytes_here) for one in plan(place, wanted)] == [(True, 0), (False, 100), (False, 0)]
    assert len(publisher.asked) == asked


def listed(folder: Path, publisher: Publisher) -> Path:
    """A list of addresses as an operator keeps it; JSON is YAML too."""
    path = folder / "addresses.yaml"
    path.write_text(json.dumps({"addresses": [a.model_dump(mode="json") for a in addresses(publisher)]}), "utf-8")
    return path


async def test_a_process_killed_while_it_fetches_leaves_the_old_database(
    publisher: Publisher, place: Place, tmp_path: Path
):
    before = state(place)
    publisher.steps[CM] = [publisher.stalls(200)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "codes", "update", "--only", "icd-10-cm",
        "--addresses", str(listed(tmp_path, publisher)),
        cwd=ROOT, env=os.environ | {"CODES_PATH": str(place.folder), "CONTENT_PATH": str(tmp_path)},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await asyncio.wait_for(publisher.half_sent.wait(), 60)
    process.kill()
    assert await process.wait() == -signal.SIGKILL
    assert state(place) == before
    [outcome] = await run(place, addresses(publisher)[:1])
    assert outcome.imported is not None, "the lock of the one that was killed is gone"


KILLED = """
import os, signal, sys
from pathlib import Path
import pytest
from bot.codes.addresses import load_addresses
from bot.codes.build import Place
from bot.codes.update import update
from tests.codes import small

class Killer:
    def arrived(self, *_): pass
    def __call__(self, label, done, of):
        if label.startswith("ICD-10-PCS"):
            os.kill(os.getpid(), signal.SIGKILL)

small.install(Path(sys.argv[1]), pytest.MonkeyPatch())
update(Place(Path(sys.argv[2])), {}, load_addresses(Path(sys.argv[3])), Killer())
"""


async def test_a_process_killed_while_it_imports_leaves_the_old_database(
    publisher: Publisher, place: Place, tmp_path: Path
):
    before = state(place)
    (tmp_path / "process").mkdir()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, tmp_path / "process", place.folder, listed(tmp_path, publisher), cwd=ROOT
    )
    assert await process.wait() == -signal.SIGKILL
    assert list(place.folder.glob("codes.db.*.new")), "it was in the middle of writing the new database"
    assert state(place)["database"] == before["database"]
    assert place.files() == []
    assert title(place, System.ICD10CM, "I10")
    assert all(outcome.imported for outcome in await run(place, addresses(publisher)))
    assert title(place, System.ICD10PCS, "00160Z2")


async def test_the_real_files_arrive_over_a_bad_line(publisher: Publisher, place: Place):
    """Refused, cut, sent from the beginning again and cut, stalled, and then sent to the end."""
    files = {
        "/cms/2026-icd-10-pcs-code-tables.zip": (System.ICD10PCS, "FY2026", zipped(shared("icd10pcs_fy2026"))),
        "/cms/2019-alpha-numeric-hcpcs-file.zip": (System.HCPCS, "2019", zipped(shared("hcpcs_2019"))),
    }
    for path, (_, _, content) in files.items():
        publisher.files[path] = Served(content)
        third = len(content) // 3
        publisher.steps[path] = [answers(503), cut(third), cut(third // 2, ranges=False), publisher.stalls(third)]
    wanted = [
        Address(system=system, what="file", release=release, url=publisher.base + path, at_least=len(content))
        for path, (system, release, content) in files.items()
    ]
    outcomes = await run(place, wanted)
    assert [outcome.fault for outcome in outcomes] == ["", ""]
    assert {path.read_bytes() for path in place.files()} == {content for _, _, content in files.values()}
    book = CodeBook(place.database)
    status = {data["system"]: data for data in printed.status_data(book)}
    book.close()
    assert (status["ICD-10-PCS"]["release"], status["ICD-10-PCS"]["codes"]) == ("FY2026", 79_115)
    assert (status["HCPCS Level II"]["release"], status["HCPCS Level II"]["codes"]) == ("2019", 6_440 - 506)
