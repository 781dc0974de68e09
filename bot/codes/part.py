"""What arrived of one file so far, on disk, and which version of the file it belongs to."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.codes.addresses import file_name


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a server names a version of a file. `size` is None while unknown; `sha256` stands once all of it was used."""

    etag: str = ""
    modified: str = ""
    size: int | None = None
    sha256: str = ""

    @property
    def condition(self) -> str:
        """What a server can compare before it sends the rest: a weak ETag does not vouch for every byte."""
        return self.modified if not self.etag or self.etag.startswith("W/") else self.etag

    def may_be(self, other: "Stamp") -> bool:
        """Whether nothing tells the two apart."""
        pairs = ((self.etag, other.etag), (self.modified, other.modified), (self.size, other.size))
        return all(one == two for one, two in pairs if one and two)


class Part:
    """A file that is being fetched. May be left in the middle at any time and taken up by another process.

    Its folder holds NAME.part while something lacks, NAME once all is there, and stamp.json, which is written before
    the first byte and stays when the file is gone, so that an unchanged file is not fetched again.
    """

    def __init__(self, downloads: Path, url: str) -> None:
        self.url = url
        self.folder = downloads / hashlib.sha256(url.encode()).hexdigest()[:12]
        self.whole = self.folder / file_name(url)
        self.path = self.folder / f"{self.whole.name}.part"
        self._stamp = self.folder / "stamp.json"
        self.joined = False
        """Whether it was put together from several answers of the server."""

    @property
    def size(self) -> int:
        """Bytes of the unfinished file, 0 where there is none."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @property
    def stamp(self) -> Stamp:
        try:
            found = json.loads(self._stamp.read_text(encoding="utf-8"))
            size = found["size"]
            return Stamp(
                str(found["etag"]), str(found["modified"]), None if size is None else int(size), str(found["sha256"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            return Stamp()

    def is_whole(self) -> bool:
        """Whether all of the file is there, of the version that the stamp names."""
        try:
            return self.whole.stat().st_size == self.stamp.size
        except OSError:
            return False

    def begin(self, stamp: Stamp) -> None:
        """Start anew with another version of the file."""
        self.drop()
        self.joined = False
        self.folder.mkdir(parents=True, exist_ok=True)
        self.remember(stamp)

    def add(self, data: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(data)

    def finish(self) -> Path:
        """Put the finished file under its own name."""
        size = self.size
        with self.path.open("ab") as file:
            os.fsync(file.fileno())
        stamp = self.stamp
        self.remember(Stamp(stamp.etag, stamp.modified, size))
        return self.path.replace(self.whole)

    def drop(self) -> None:
        """Remove what arrived; what was learned about the version stays."""
        self.path.unlink(missing_ok=True)
        self.whole.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove all of it, so that the next attempt begins from nothing."""
        self.drop()
        self._stamp.unlink(missing_ok=True)

    def remember(self, stamp: Stamp) -> None:
        temporary = self._stamp.with_suffix(".new")
        temporary.write_text(json.dumps({"url": self.url} | asdict(stamp)), encoding="utf-8")
        temporary.replace(self._stamp)
