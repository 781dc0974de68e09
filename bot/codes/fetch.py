"""Fetching one file over bad lines: it goes on where it was cut, never joins two versions, and ends with a sentence."""

import asyncio
import errno
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from random import Random

import aiohttp

from bot import __version__
from bot.codes.part import Part, Stamp

SIZE_AT_MOST = 400_000_000
"""Bytes; the largest of the official archives has 22 million."""

Arrived = Callable[[int, int], None]
"""Told how many bytes are there, and of how many; 0 where the server doesn't say."""

_CHUNK = 256 * 1024
_PASSING = frozenset({408, 425, 429})
_PAGE = (b"<!doctype html", b"<html")
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15}|\*)")


class NotFetched(Exception):
    """A file could not be fetched. The text says why, to stand behind "could not be fetched: "."""


class Moved(NotFetched):
    """The address leads to nothing, or to something else: it has to be corrected."""


class Refused(NotFetched):
    """The server does not hand the file out to a program; it may to a person."""


class _Again(Exception):
    """Something that may be over at the next attempt; `pause` is how long the server wants it to wait, in seconds."""

    def __init__(self, text: str, pause: float | None = None) -> None:
        super().__init__(text)
        self.pause = pause


@dataclass(frozen=True, slots=True)
class Patience:
    """When to give up, and how long to wait in between. All in seconds, but for `attempts`: how many in a row may bring
    nothing new."""

    attempts: int = 6
    connect: float = 30
    stall: float = 30
    whole: float = 3600
    first_pause: float = 1
    longest_pause: float = 60


def open_session(patience: Patience) -> aiohttp.ClientSession:
    """A session for fetching. Files are kept as sent: a range of bytes counts in what was sent, not in what it means."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=None, connect=patience.connect, sock_read=patience.stall),
        headers={"User-Agent": f"CodeRounds/{__version__}", "Accept-Encoding": "identity"},
        auto_decompress=False,
        trust_env=True,
    )


class Fetcher:
    """Fetches files with one session."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        patience: Patience,
        rng: Random,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.session = session
        self.patience = patience
        self.rng = rng
        self.sleep = sleep

    async def fetch(self, part: Part, at_least: int, arrived: Arrived, *, known: bool = False) -> Path | None:
        """The file, or None if it is the version that the part's stamp names and that is `known` here.

        `at_least` is in bytes. What arrived stays for the next time. Raises NotFetched.
        """
        try:
            async with asyncio.timeout(self.patience.whole):
                return await self._persist(part, at_least, arrived, known)
        except TimeoutError:
            raise NotFetched(f"it took longer than {self.patience.whole:,.0f} seconds; {_kept(part)}") from None
        except OSError as error:
            raise NotFetched(f"it can't be stored ({error.strerror or error})") from None

    async def _persist(self, part: Part, at_least: int, arrived: Arrived, known: bool) -> Path | None:
        farthest, failed = part.size, 0
        while True:
            try:
                return await self._attempt(part, at_least, arrived, known)
            except _Again as error:
                # Only what no attempt reached before counts, or a server that always starts anew would be asked forever.
                failed = failed + 1 if part.size <= farthest else 1
                farthest = max(farthest, part.size)
                if failed >= self.patience.attempts:
                    raise NotFetched(f"{error}, at {failed} attempts in a row; {_kept(part)}") from None
                backoff = min(self.patience.first_pause * 2 ** (failed - 1), self.patience.longest_pause)
                pause = backoff * self.rng.uniform(0.5, 1)
                if error.pause is not None and error.pause > self.patience.longest_pause:
                    raise NotFetched(f"{error} and asks to wait for {error.pause:,.0f} seconds; try later") from None
                await self.sleep(max(pause, error.pause or 0))

    async def _attempt(self, part: Part, at_least: int, arrived: Arrived, known: bool) -> Path | None:
        try:
            async with self.session.get(part.url, headers=_headers(part, known)) as response:
                if part.url.startswith("https:") and response.url.scheme != "https":
                    raise NotFetched("it was moved to an address without encryption")
                if response.status == 304 and part.is_whole():
                    return part.whole
                if response.status == 304 and known:
                    return None
                _accept(part, response, at_least)
                await self._store(part, response, arrived)
        except (aiohttp.ClientSSLError, aiohttp.ServerFingerprintMismatch) as error:
            raise NotFetched(f"no secure connection to {error.host} can be made ({_reason(error)})") from None
        except aiohttp.TooManyRedirects:
            raise Moved("the address leads in a circle") from None
        except aiohttp.InvalidURL:
            raise NotFetched("the server sends on to an address that can't be read") from None
        except aiohttp.SocketTimeoutError:
            raise _Again(f"nothing came for {self.patience.stall:g} seconds") from None
        except aiohttp.ConnectionTimeoutError:
            raise _Again(f"no connection came about in {self.patience.connect:g} seconds") from None
        except aiohttp.ClientConnectorError as error:
            raise _Again(f"no connection to {error.host} can be made ({_reason(error)})") from None
        except (aiohttp.ClientError, ConnectionError):
            raise _Again("the connection was cut") from None
        return _finished(part, at_least)

    async def _store(self, part: Part, response: aiohttp.ClientResponse, arrived: Arrived) -> None:
        size, total = part.size, part.stamp.size or 0
        arrived(size, total)
        async for data in response.content.iter_chunked(_CHUNK):
            if size == 0 and data.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower().startswith(_PAGE):
                part.forget()
                raise Moved("a web page came in place of the file")
            size += len(data)
            if size > SIZE_AT_MOST:
                part.forget()
                raise Moved(f"more than {SIZE_AT_MOST:,} bytes came")
            part.add(data)
            arrived(size, total)


def _headers(part: Part, known: bool) -> dict[str, str]:
    """What to ask for: the rest of what is there, or the file if it is another than the one that is there."""
    stamp = part.stamp
    if part.size:
        if stamp.condition and part.size != stamp.size:
            return {"Range": f"bytes={part.size}-", "If-Range": stamp.condition}
        part.drop()
    if not known and not part.is_whole():
        return {}
    conditions = {"If-None-Match": stamp.etag, "If-Modified-Since": stamp.modified}
    return {name: value for name, value in conditions.items() if value}


def _accept(part: Part, response: aiohttp.ClientResponse, at_least: int) -> None:
    """Look at the head of an answer and make the part ready for its body."""
    status = response.status
    if status in _PASSING or status >= 500:
        raise _Again(f"the server answers {_named(response)}", _asked_to_wait(response.headers))
    if status in (404, 410):
        raise Moved(f"there is no such file any more ({_named(response)})")
    if status in (401, 403):
        raise Refused(f"the server refuses to hand it out ({_named(response)})")
    if status == 416:
        part.forget()
        raise _Again("the server has less of the file than is here")
    if status not in (200, 206):
        raise NotFetched(f"the server answers {_named(response)}")
    if response.content_type in ("text/html", "application/xhtml+xml"):
        raise Moved("a web page came in place of the file")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotFetched("the server packs it, though it was asked not to")
    length = response.content_length
    stamp = Stamp(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""), length)
    if status == 206:
        start, total = _range(response.headers)
        there, rest = part.stamp, Stamp(stamp.etag, stamp.modified, total)
        # Not every server heeds If-Range: what it sends has to say itself that it is the rest of the same file.
        if not part.size or start != part.size or not there.may_be(rest):
            part.forget()
            raise _Again("the file changed while it was fetched")
        part.joined = True
        part.remember(replace(there, size=there.size or total))
        return
    if length is not None:
        _check_size(length, at_least)
    part.begin(stamp)


def _finished(part: Part, at_least: int) -> Path:
    due = part.stamp.size
    if due is not None and part.size < due:
        raise _Again("the connection was cut")
    if due is not None and part.size > due:
        part.forget()
        raise _Again("more came than the server announced")
    try:
        _check_size(part.size, at_least)
    except NotFetched:
        part.forget()
        raise
    return part.finish()


def _check_size(size: int, at_least: int) -> None:
    if not size:
        raise Moved("the file is empty")
    if size < at_least:
        raise Moved(f"it has {size:,} bytes where at least {at_least:,} are due")
    if size > SIZE_AT_MOST:
        raise Moved(f"it has {size:,} bytes, more than the {SIZE_AT_MOST:,} that are taken")


def _range(headers: Mapping[str, str]) -> tuple[int, int | None]:
    """First byte and size of the whole file from a Content-Range such as "bytes 200-999/1000"; -1 if unreadable."""
    match = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
    if not match:
        return -1, None
    return int(match[1]), int(match[2]) if match[2] != "*" else None


def _asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds, given as such or as a date."""
    text = headers.get("Retry-After", "")
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _named(response: aiohttp.ClientResponse) -> str:
    return f"{response.status} {response.reason}".strip()


def _reason(error: aiohttp.ClientConnectorError | aiohttp.ServerFingerprintMismatch) -> str:
    cause = getattr(error, "os_error", None) or error.__cause__ or error
    number = getattr(cause, "errno", None)
    if isinstance(number, int) and number in errno.errorcode:
        return os.strerror(number)
    return getattr(cause, "verify_message", None) or getattr(cause, "strerror", None) or type(cause).__name__


def _kept(part: Part) -> str:
    if not part.size:
        return "nothing of it arrived"
    return f"the {part.size:,} bytes that arrived are kept, and the next update goes on from there"
