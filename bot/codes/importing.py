"""Adding official files: all of them are read and laid beside the rest before anything changes."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.codes.build import ATTESTATION, Everyday, Place, build, file_sha256, read_all
from bot.codes.release import Scope, Source
from bot.codes.write import Progress, Read
from bot.core.codes import System


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brought. `new` is False when the same file was there already; `replaced` names the file whose place
    it took, since it tells of the same release; `skipped` are parts of an archive that are no code sets."""

    file: str
    sources: Sequence[Source]
    new: bool
    replaced: str = ""
    skipped: Sequence[str] = ()


def import_files(
    place: Place, paths: Sequence[Path], everyday: Everyday, progress: Progress, *, cpt_licence: bool = False
) -> list[Imported]:
    """Add files to the code database. Raises FileFault, OSError; then nothing has changed.

    `cpt_licence` is the operator's word that they hold an AMA licence for CPT. What is licensed is kept apart, with
    that word and its date, and stays in this installation.
    """
    there = {file_sha256(path): path for path in place.files()}
    imported: list[Imported] = []
    adding: list[Path] = []
    without: list[Path] = []
    try:
        for path in paths:
            skipped: list[str] = []

            def on_skip(name: str, why: str, skipped: list[str] = skipped) -> None:
                skipped.append(f"{name} {why}")

            reads = read_all(path, licensed=cpt_licence, on_skip=on_skip)
            sources = [read.source for read in reads]
            if reads[0].sha256 in there:
                imported.append(Imported(path.name, sources, new=False))
                continue
            folder = place.licensed if any(source.system is System.CPT for source in sources) else place.imported
            # A file keeps its name, which may tell its release, in a folder named by its hash. Until it is built in,
            # the folder is a hidden one: a build that is cut off leaves nothing that counts.
            target = folder / f".{reads[0].sha256[:12]}.part" / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            adding.append(target)
            old = _replaced(reads, [other for other in there.values() if other not in without], cpt_licence)
            without += [old] if old else []
            imported.append(Imported(path.name, sources, new=True, replaced=old.name if old else "", skipped=skipped))
            there[reads[0].sha256] = target
        if adding:
            build(place, everyday, progress, adding=adding, without=without)
        for target in adding:
            target.parent.rename(target.parent.with_name(target.parent.name.removeprefix(".").removesuffix(".part")))
        for old in without:
            shutil.rmtree(old.parent)
    finally:
        for target in adding:
            shutil.rmtree(target.parent, ignore_errors=True)
    if cpt_licence and any(source.system is System.CPT for one in imported for source in one.sources):
        _attest(place)
    return imported


def _replaced(reads: Sequence[Read], there: Sequence[Path], licensed: bool) -> Path | None:
    """The file that told of the same release in the same way, and that the new one corrects."""
    new = {(read.source.system, read.source.scope, read.source.effective) for read in reads}
    for path in there:
        if path.parent.name.startswith("."):
            continue
        old = {(r.source.system, r.source.scope, r.source.effective) for r in read_all(path, licensed=licensed)}
        # A file of which only a part is corrected stays, since the rest of it is still needed.
        if old <= new and not _words_alone(reads):
            return path
    return None


def _words_alone(reads: Sequence[Read]) -> bool:
    """Whether a file holds terms or definitions alone: several of these, such as the index and its tables, stand
    beside one another rather than in one another's place."""
    return all(read.source.scope is Scope.TERMS for read in reads)


def _attest(place: Place) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    text = f"{now}: the operator said that they hold an AMA licence for the CPT files in this folder.\n"
    with (place.licensed / ATTESTATION).open("a", encoding="utf-8") as file:
        file.write(text)
