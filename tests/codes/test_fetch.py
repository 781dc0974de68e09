"""A file arrives whole and of one version over any line, or not at all with a sentence that says why."""

import errno
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random

import pytest
from aiohttp import web

from bot.codes import fetch
from bot.codes.fetch import Fetcher, Moved, NotFetched, Patience, Refused, open_session
from bot.codes.part import Part, Stamp
from tests.codes.publisher import (
    Publisher,
    Served,
    Step,
    answers,
    blind,
    cut,
    in_pieces,
    instead,
    publishing,
    whole,
    without_ranges,
)

FILE = Random(1).randbytes(300_000)
OTHER = Random(2).randbytes(300_000)
HALF = 150_000
PATIENT = Patience(attempts=3, stall=0.3, first_pause=0)
PATH = "/files/codes.zip"


@pytest.fixture
async def publisher(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Publisher]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with publishing() as publisher:
        publisher.files[PATH] = Served(FILE)
        yield publisher


class Line:
    """Fetches from a publisher into a folder, and remembers the pauses and what was told of the progress."""

    def __init__(self, publisher: Publisher, folder: Path, patience: Patience = PATIENT) -> None:
        self.part = Part(folder, publisher.base + PATH)
        self.patience = patience
        self.pauses: list[float] = []
        self.arrived: list[tuple[int, int]] = []

    async def fetch(self, at_least: int = 0, known: bool = False) -> bytes | None:
        async with open_session(self.patience) as session:
            fetcher = Fetcher(session, self.patience, Random(3), self.pause)
            path = await fetcher.fetch(
                self.part, at_least, lambda done, of: self.arrived.append((done, of)), known=known
            )
        return path.read_bytes() if path else None

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


@pytest.fixture
def line(publisher: Publisher, tmp_path: Path) -> Line:
    return Line(publisher, tmp_path)


async def test_a_file_arrives_as_it_is_and_tells_how_far_it_is(publisher: Publisher, line: Line):
    assert await line.fetch() == FILE
    assert line.part.whole.name == "codes.zip"
    assert line.part.path.exists() is False
    assert (line.arrived[0], line.arrived[-1]) == ((0, len(FILE)), (len(FILE), len(FILE)))
    [request] = publisher.asked
    assert request.headers["User-Agent"].startswith("CodeRounds/")
    assert request.headers["Accept-Encoding"] == "identity"
    assert "Range" not in request.headers


async def test_after_a_cut_it_goes_on_where_it_was(publisher: Publisher, line: Line):
    publisher.steps[PATH] = [cut(HALF)]
    assert await line.fetch() == FILE
    second = publisher.asked[1]
    assert second.headers["Range"] == f"bytes={HALF}-"
    assert second.headers["If-Range"] == '"one"'
    assert line.part.joined


async def test_another_process_goes_on_where_one_was_cut(publisher: Publisher, line: Line, tmp_path: Path):
    publisher.steps[PATH] = [cut(HALF), answers(503), answers(503), answers(503)]
    with pytest.raises(
        NotFetched, match=r"503 Service Unavailable, at 3 attempts.* 150,000 bytes that arrived are kept"
    ):
        await line.fetch()
    assert await Line(publisher, tmp_path).fetch() == FILE
    assert publisher.ranges()[-1] == f"bytes={HALF}-"


async def test_a_file_without_an_announced_size_is_resumed_too(publisher: Publisher, line: Line):
    publisher.files[PATH] = Served(FILE, length=False)
    publisher.steps[PATH] = [cut(HALF)]
    assert await line.fetch() == FILE
    assert publisher.ranges() == ["", f"bytes={HALF}-"]


async def test_a_server_may_send_the_rest_in_pieces(publisher: Publisher, line: Line):
    publisher.steps[PATH] = [cut(HALF), in_pieces, in_pieces, in_pieces]
    assert await line.fetch() == FILE
    assert len(publisher.asked) == 5


async def test_where_ranges_are_not_honoured_it_starts_anew(publisher: Publisher, line: Line):
    publisher.steps[PATH] = [cut(HALF), without_ranges]
    assert await line.fetch() == FILE
    assert publisher.ranges() == ["", f"bytes={HALF}-"]
    assert not line.part.joined


@pytest.mark.parametrize("then", [whole, blind])
async def test_two_versions_are_never_joined(publisher: Publisher, line: Line, then: Step):
    """Whether the server heeds If-Range or sends the rest of the newer file."""

    async def changed(request: web.Request, _: Served) -> web.StreamResponse:
        publisher.files[PATH] = Served(OTHER, etag='"two"')
        return await then(request, publisher.files[PATH])

    publisher.steps[PATH] = [cut(HALF), changed]
    assert await line.fetch() == OTHER


async def test_a_change_is_seen_by_size_or_date_alone(publisher: Publisher, tmp_path: Path):
    for number, newer in enumerate((
        Served(OTHER + b"!", etag=""),
        Served(OTHER, etag="", modified="Tue, 06 Oct 2026 08:00:00 GMT"),
    )):  # fmt: skip
        publisher.files[PATH] = Served(FILE, etag="")

        async def changed(request: web.Request, _: Served, newer: Served = newer) -> web.StreamResponse:
            publisher.files[PATH] = newer
            return await blind(request, newer)

        publisher.steps[PATH] = [cut(HALF), changed]
        assert await Line(publisher, tmp_path / str(number)).fetch() == newer.content


async def test_without_a_word_on_the_version_nothing_is_joined(publisher: Publisher, line: Line):
    publisher.files[PATH] = Served(FILE, etag="", modified="")
    publisher.steps[PATH] = [cut(HALF)]
    assert await line.fetch() == FILE
    assert publisher.ranges() == ["", ""]


async def test_a_weak_etag_does_not_vouch_for_every_byte(publisher: Publisher, line: Line):
    publisher.files[PATH] = Served(FILE, etag='W/"one"')
    publisher.steps[PATH] = [cut(HALF)]
    assert await line.fetch() == FILE
    assert publisher.asked[1].headers["If-Range"] == publisher.files[PATH].modified


async def test_passing_faults_are_waited_out_longer_each_time(publisher: Publisher, tmp_path: Path):
    publisher.steps[PATH] = [answers(code) for code in (500, 503, 502, 504, 429, 408)]
    line = Line(publisher, tmp_path, Patience(attempts=7, first_pause=1, longest_pause=10))
    assert await line.fetch() == FILE
    bounds = [(0.5, 1), (1, 2), (2, 4), (4, 8), (5, 10), (5, 10)]
    assert all(low <= pause <= high for pause, (low, high) in zip(line.pauses, bounds, strict=True))
    assert len(set(line.pauses)) == 6, "spread by chance, so that many bots don't come back at once"


async def test_a_server_is_given_the_time_it_asks_for(publisher: Publisher, line: Line):
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    publisher.steps[PATH] = [answers(429, {"Retry-After": "7"}), answers(503, {"Retry-After": date})]
    assert await line.fetch() == FILE
    assert line.pauses[0] == 7
    assert 30 <= line.pauses[1] <= 40


@pytest.mark.parametrize("text", ["soon", "-5", "9" * 400, "²", "Mon, 99 Oct 2026"])
async def test_an_odd_retry_after_is_passed_over(publisher: Publisher, line: Line, text: str):
    publisher.steps[PATH] = [answers(503, {"Retry-After": text.encode().decode("latin-1")})]
    assert await line.fetch() == FILE
    assert line.pauses == [0]


async def test_a_server_that_asks_for_an_hour_is_left_alone(publisher: Publisher, line: Line):
    publisher.steps[PATH] = [answers(429, {"Retry-After": "3600"})]
    with pytest.raises(NotFetched, match=r"429 Too Many Requests and asks to wait for 3,600 seconds"):
        await line.fetch()
    assert (len(publisher.asked), line.pauses) == (1, [])


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (404, Moved, "there is no such file any more (404 Not Found)"),
        (410, Moved, "there is no such file any more (410 Gone)"),
        (403, Refused, "the server refuses to hand it out (403 Forbidden)"),
        (401, Refused, "the server refuses to hand it out (401 Unauthorized)"),
        (400, NotFetched, "the server answers 400 Bad Request"),
        (204, NotFetched, "the server answers 204 No Content"),
        (304, NotFetched, "the server answers 304 Not Modified"),
    ],
)
async def test_what_waiting_cannot_mend_is_said_at_once(
    publisher: Publisher, line: Line, status: int, kind: type[NotFetched], said: str
):
    publisher.steps[PATH] = [answers(status)]
    with pytest.raises(NotFetched) as caught:
        await line.fetch()
    assert (type(caught.value), str(caught.value)) == (kind, said)
    assert (len(publisher.asked), line.pauses) == (1, [])


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("<p>Sorry</p>", "text/html"),
        ("<!DOCTYPE html><html>", "application/zip"),
        ("\ufeff\n <HTML lang='en'>", "application/octet-stream"),
    ],
)
async def test_a_web_page_is_no_file(publisher: Publisher, line: Line, text: str, type_: str):
    publisher.steps[PATH] = [answers(200, {"ETag": '"page"'}, text, type_)]
    with pytest.raises(Moved, match="a web page came in place of the file"):
        await line.fetch()
    assert line.part.size == 0
    assert await line.fetch() == FILE, "nothing of the page is left to be gone on with"


async def test_a_file_that_is_too_small_is_not_taken(publisher: Publisher, line: Line):
    for length in (True, False):
        publisher.files[PATH] = Served(FILE[:999], length=length)
        with pytest.raises(Moved, match="it has 999 bytes where at least 1,000 are due"):
            await line.fetch(at_least=1000)
        assert not line.part.whole.exists()
    publisher.files[PATH] = Served(b"")
    with pytest.raises(Moved, match="the file is empty"):
        await line.fetch()


async def test_a_file_that_is_too_large_is_not_taken(publisher: Publisher, line: Line, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetch, "SIZE_AT_MOST", 200_000)
    with pytest.raises(Moved, match="it has 300,000 bytes, more than the 200,000 that are taken"):
        await line.fetch()
    assert line.arrived == []
    publisher.files[PATH] = Served(FILE, length=False)
    with pytest.raises(Moved, match="more than 200,000 bytes came"):
        await line.fetch()
    assert line.part.size == 0


async def test_a_stalled_connection_is_given_up_and_gone_on_with(publisher: Publisher, line: Line):
    publisher.steps[PATH] = [publisher.stalls(HALF)]
    assert await line.fetch() == FILE
    assert publisher.ranges() == ["", f"bytes={HALF}-"]


async def test_it_says_that_nothing_came(publisher: Publisher, line: Line):
    publisher.steps[PATH] = [publisher.stalls(0) for _ in range(3)]
    with pytest.raises(
        NotFetched, match=r"nothing came for 0.3 seconds, at 3 attempts in a row; nothing of it arrived"
    ):
        await line.fetch()


async def test_it_does_not_trickle_forever(publisher: Publisher, tmp_path: Path):
    publisher.steps[PATH] = [publisher.stalls(HALF)]
    line = Line(publisher, tmp_path, replace(PATIENT, stall=60, whole=0.4))
    with pytest.raises(NotFetched, match=r"longer than 0 seconds; the 150,000 bytes that arrived are kept"):
        await line.fetch()


async def test_many_cuts_are_borne_as_long_as_each_attempt_brings_more(publisher: Publisher, line: Line):
    publisher.steps[PATH] = [cut(30_000) for _ in range(9)]
    assert await line.fetch() == FILE
    assert len(publisher.asked) == 10


async def test_a_server_that_always_starts_anew_and_cuts_is_given_up(publisher: Publisher, line: Line):
    publisher.steps[PATH] = [cut(HALF, ranges=False) for _ in range(50)]
    with pytest.raises(NotFetched, match="the connection was cut, at 3 attempts in a row"):
        await line.fetch()
    assert len(publisher.asked) == 3


async def test_a_known_version_is_not_fetched_again(publisher: Publisher, line: Line):
    await line.fetch()
    line.part.drop()
    assert await line.fetch(known=True) is None
    assert await line.fetch(known=False) == FILE, "it is not known here any more: its copy was removed"
    publisher.files[PATH] = Served(OTHER, etag='"two"')
    assert await line.fetch(known=True) == OTHER


async def test_a_finished_file_that_waits_is_used_if_it_is_still_the_same(publisher: Publisher, line: Line):
    await line.fetch()
    assert await line.fetch() == FILE
    assert publisher.asked[1].headers["If-None-Match"] == '"one"'
    publisher.files[PATH] = Served(OTHER, etag='"two"')
    assert await line.fetch() == OTHER


async def test_more_than_the_server_has_is_thrown_away(publisher: Publisher, line: Line):
    line.part.begin(Stamp('"one"', size=len(FILE) + 50))
    line.part.add(FILE + b"x")
    assert await line.fetch() == FILE
    assert publisher.ranges() == [f"bytes={len(FILE) + 1}-", ""]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"etag": 1}', '{"etag": "", "modified": "", "size": "x", "sha256": ""}']
)
async def test_a_damaged_note_on_the_version_means_starting_anew(publisher: Publisher, line: Line, text: str):
    line.part.begin(Stamp('"one"'))
    line.part.add(OTHER[:500])
    (line.part.folder / "stamp.json").write_text(text)
    assert await line.fetch() == FILE
    assert publisher.ranges() == [""]


@pytest.mark.parametrize(
    "value", ["", "bytes 7-299999/300000", "bytes x-y/z", "lines 150000-299999/300000", "bytes */9"]
)
async def test_a_range_that_was_not_asked_for_is_not_appended(publisher: Publisher, line: Line, value: str):
    odd = answers(206, {"Content-Range": value, "ETag": '"one"'}, "x" * 10, "application/zip")
    publisher.steps[PATH] = [cut(HALF), odd]
    assert await line.fetch() == FILE
    assert publisher.ranges() == ["", f"bytes={HALF}-", ""]


async def test_a_packed_answer_is_not_taken(publisher: Publisher, line: Line):
    publisher.steps[PATH] = [answers(200, {"Content-Encoding": "gzip"}, "x", "application/zip")]
    with pytest.raises(NotFetched, match="packs it"):
        await line.fetch()


async def test_redirects_are_followed_but_not_in_a_circle(publisher: Publisher, line: Line):
    publisher.files["/elsewhere.zip"] = Served(OTHER)
    publisher.steps[PATH] = [answers(302, {"Location": "/elsewhere.zip"})]
    assert await line.fetch() == OTHER
    line.part.forget()
    publisher.steps[PATH] = [answers(302, {"Location": PATH}) for _ in range(20)]
    with pytest.raises(Moved, match="leads in a circle"):
        await line.fetch()
    publisher.steps[PATH] = [answers(302, {"Location": "http://[nowhere"})]
    with pytest.raises(NotFetched, match="an address that can't be read"):
        await line.fetch()


async def test_nobody_there_is_said_with_its_reason(tmp_path: Path):
    async with publishing() as gone:
        pass
    with pytest.raises(
        NotFetched, match=r"no connection to 127.0.0.1 can be made \(Connection refused\), at 3 attempts"
    ):
        await Line(gone, tmp_path).fetch()


async def test_a_full_disk_is_said(publisher: Publisher, line: Line, monkeypatch: pytest.MonkeyPatch):
    def full(self: Part, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Part, "add", full)
    with pytest.raises(NotFetched, match=r"it can't be stored \(No space left on device\)"):
        await line.fetch()


async def test_over_any_line_the_file_arrives_whole_or_not_at_all(publisher: Publisher, tmp_path: Path):
    """Cuts, refusals, servers that know no ranges or heed no condition, and changes of the file, in any order."""
    rng = Random(4)
    arrived = 0
    for number in range(60):
        served = publisher.files[PATH] = Served(rng.randbytes(2000), etag=f'"{number}"', length=rng.random() < 0.8)

        async def newer(request: web.Request, _: Served) -> web.StreamResponse:
            nonlocal served
            served = publisher.files[PATH] = Served(rng.randbytes(2000), etag=f'"{rng.random()}"')
            return await rng.choice([whole, blind, cut(rng.randrange(2000))])(request, served)

        choices = [cut(rng.randrange(2000)), cut(rng.randrange(2000), ranges=False), answers(503), newer, blind,
                   without_ranges, instead(b"<html>")]  # fmt: skip
        publisher.steps[PATH] = rng.choices(choices, weights=[6, 3, 2, 2, 1, 1, 1], k=rng.randrange(8))
        try:
            assert await Line(publisher, tmp_path / str(number)).fetch() == served.content
            arrived += 1
        except NotFetched:
            assert not list((tmp_path / str(number)).glob("*/codes.zip"))
    assert arrived > 30
