"""Archives as CMS publishes them: code-set files among papers, layouts and lists that are not read."""

import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.codes.release import FileFault, Source
from bot.codes.sources.cpt import LicenceNeeded
from bot.codes.sources.hcpcs_xlsx import is_workbook
from bot.core.codes import Level, System

Skip = Callable[[str, str], None]  # called with the name of a file that isn't read, and why

_MEMBER_AT_MOST = 400_000_000  # bytes; the largest real ones have 15 million


class NotOurs(Exception):
    """A file that is none of those read here. The text says what it seems to be."""


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive, and not a workbook, which is one too."""
    with path.open("rb") as file:
        packed = file.read(2) == b"PK"
    return packed and not is_workbook(path)


def read_archive(path: Path, read: Callable[[Path], Source], on_skip: Skip | None) -> list[Source]:
    """Every code-set file of an archive. `read` raises NotOurs for a file to skip, FileFault for a damaged one."""
    sources: list[Source] = []
    passed: list[str] = []
    unlicensed: FileFault | None = None

    def skip(name: str, why: str) -> None:
        passed.append(name)
        if on_skip:
            on_skip(name, why)

    with TemporaryDirectory() as folder:
        for name, file in _members(path, Path(folder)):
            try:
                if is_archive(file):
                    raise NotOurs("is an archive in an archive; unpack it first")
                sources.append(replace(read(file), file=f"{path.name} > {name}"))
            except NotOurs as error:
                skip(name, str(error))
            except LicenceNeeded as fault:
                unlicensed = fault.inside(path.name)
                skip(name, fault.text)
            except FileFault as fault:
                raise fault.inside(path.name) from None
            file.unlink()
    if unlicensed and not sources:
        raise unlicensed
    if not sources:
        raise NotOurs(f"holds no code-set file, only {', '.join(passed[:5]) or 'nothing'}")
    return _once(path.name, sources, skip)


def _members(path: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of an archive, unpacked one at a time under their own names."""
    # A damaged archive raises nearly anything out of zipfile; to the operator all of it means the same.
    name = ""
    try:
        with zipfile.ZipFile(path) as archive:
            for number, member in enumerate(archive.infolist()):
                name = member.filename
                if member.is_dir() or name.startswith("__MACOSX/"):
                    continue
                if member.file_size > _MEMBER_AT_MOST:
                    raise FileFault(path.name, name, f"is larger than {_MEMBER_AT_MOST:,} bytes")
                target = folder / str(number) / (Path(name.replace("\\", "/")).name or "file")
                target.parent.mkdir()
                with archive.open(member) as packed, target.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
                yield name, target
    except FileFault:
        raise
    except Exception as error:
        raise FileFault(path.name, name, f"can't be unpacked ({error}); fetch the archive again") from error


def _once(archive: str, sources: list[Source], skip: Skip) -> list[Source]:
    """CMS packs HCPCS as text and as a workbook: the same release once, if both tell the same."""
    kept: list[Source] = []
    for source in sources:
        twin = next((other for other in kept if _same(other, source)), None)
        if twin is None:
            kept.append(source)
            continue
        different = sorted(_codes(twin) ^ _codes(source))
        if different:
            raise FileFault(
                archive,
                "",
                f"{twin.file} and {source.file} don't tell the same of {different[0][0]}; import one of them",
            )
        skip(source.file, f"tells the same as {twin.file}")
    return kept


def _same(one: Source, other: Source) -> bool:
    return one.system is System.HCPCS and (one.system, one.effective) == (other.system, other.effective)


def _codes(source: Source) -> set[tuple[str, str]]:
    return {(entry.key, str(entry.valid_until)) for entry in source.entries if entry.level is not Level.BLOCK}
