"""Releases laid side by side: for each entry since when and until when which wording is valid."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.codes.release import FileFault, Scope, Source
from bot.core.codes import Entry, Level, Release, Version, dotted

DAY = timedelta(days=1)


Snapshot = Mapping[str, Entry]


def versions(sources: Sequence[tuple[str, Source]]) -> tuple[list[Release], list[Version]]:
    """The releases of one system, oldest first, and every version of every entry. `sources` are (file, source).

    Raises FileFault when a file of changes does not fit the release before it.
    """
    releases: list[Release] = []
    done: list[Version] = []
    current: dict[str, Version] = {}
    snapshot: Snapshot = {}
    by_date: dict[date, list[tuple[str, Source]]] = {}
    for file, source in sources:
        if source.scope is not Scope.TERMS:
            by_date.setdefault(source.effective, []).append((file, source))
    for effective in sorted(by_date):
        files = by_date[effective]
        previous = releases[-1] if releases else None
        snapshot, notes_from = _next(snapshot, files, previous)
        release = Release(
            system=files[0][1].system,
            name=_name(files),
            effective=effective,
            until=max((source.until for _, source in files if source.until), default=None),
            files=tuple(file for file, _ in files),
            notes_from=notes_from,
        )
        if previous is not None:
            releases[-1] = replace(previous, until=_earlier(previous.until, effective - DAY))
        releases.append(release)
        gap = previous is not None and previous.until != effective - DAY
        current, ended = _advance(
            current,
            snapshot,
            release,
            first=previous is None,
            gap=gap,
            former={version.entry.key for version in done} - current.keys(),
        )
        done += ended
    return releases, [*done, *current.values()]


def _earlier(until: date | None, other: date) -> date:
    return other if until is None else min(until, other)


def _name(files: Sequence[tuple[str, Source]]) -> str:
    # The April update's tabular list says more than the bare year of another file of the same date.
    return max((source.name for _, source in files), key=len)


def _next(snapshot: Snapshot, files: Sequence[tuple[str, Source]], previous: Release | None) -> tuple[Snapshot, str]:
    """What is in force once these files are, and the release whose notes stand in it."""
    full = [source for _, source in files if source.scope is Scope.FULL]
    listed = [source for _, source in files if source.scope is Scope.LIST]
    changed = [(file, source) for file, source in files if source.scope is Scope.CHANGES]
    notes_from = previous.notes_from if previous else ""
    if full:
        snapshot = {entry.key: entry for source in full for entry in source.entries}
        notes_from = full[-1].name
    elif listed:
        above = {key: entry for key, entry in snapshot.items() if entry.level in (Level.CHAPTER, Level.BLOCK)}
        carried = (_carry(entry, snapshot) for source in listed for entry in source.entries)
        snapshot = above | {entry.key: entry for entry in carried}
    else:
        for file, source in changed:
            snapshot = _changed(snapshot, file, source)
    return snapshot, notes_from


def _carry(entry: Entry, before: Snapshot) -> Entry:
    """A listed code with the notes, terms and place that it had in the release before."""
    old = before.get(entry.key)
    if old is None:
        parent = entry.parent or _nearest(entry.key, before)
        return replace(entry, parent=parent)
    return replace(entry, notes=old.notes, terms=old.terms, sevenths=old.sevenths, parent=old.parent)


def _nearest(key: str, snapshot: Snapshot) -> str | None:
    """The entry under which a code that no tabular list places belongs: the longest beginning of it, or its block."""
    for length in range(len(key) - 1, 2, -1):
        if key[:length] in snapshot:
            return key[:length]
    chapter: str | None = None
    for entry in snapshot.values():
        if entry.level is Level.BLOCK:
            first, _, last = entry.code.partition("-")
            if first <= key[:3] <= (last or first):
                return entry.key
            if first <= key[:3]:
                # In the order of the list: a category behind the last of its block belongs to the same chapter.
                chapter = entry.parent
    return chapter


def _changed(snapshot: Snapshot, file: str, source: Source) -> Snapshot:
    """The snapshot with an addenda file applied; every step is checked against what is there."""
    if not snapshot:
        raise FileFault(file, "", "tells only changes; import the full list of the year before it as well")
    now = dict(snapshot)
    billable = sum(entry.billable for entry in now.values())
    if source.before is not None and billable != source.before:
        raise FileFault(
            file, "", f"builds on a release of {source.before:,} codes; the one before it here has {billable:,}"
        )
    deleted: dict[str, Entry] = {}
    for change in source.changes:
        if change.action == "delete":
            old = now.get(change.key)
            if old is None or not old.billable:
                raise FileFault(file, f"code {dotted(change.key)}", "is deleted, but is no code of the release before")
            deleted[change.key] = now.pop(change.key)
    for change in source.changes:
        if change.action == "revise":
            old = now.get(change.key)
            if old is None:
                raise FileFault(file, f"code {dotted(change.key)}", "is revised, but is not in the release before")
            now[change.key] = replace(old, title=change.title)
    added = [change for change in source.changes if change.action == "add"]
    for change in added:
        _subdivide(change.key, now, deleted)
        if change.key in now and now[change.key].billable:
            raise FileFault(file, f"code {dotted(change.key)}", "is added, but the release before has it already")
        parent = _nearest(change.key, now)
        if parent is not None and now[parent].billable:
            text = f"is added below {dotted(parent)}, which stays a code"
            raise FileFault(file, f"code {dotted(change.key)}", text)
        now[change.key] = Entry(change.key, dotted(change.key), change.title, Level.CODE, parent)
    billable = sum(entry.billable for entry in now.values())
    if source.after is not None and billable != source.after:
        raise FileFault(file, "", f"should lead to {source.after:,} codes, but leads to {billable:,}")
    for key in deleted:
        _prune(deleted[key].parent, now)
    return {key: now[key] for key in in_order(list(snapshot), now)}


def _prune(key: str | None, now: dict[str, Entry]) -> None:
    """A header ends with the last code below it."""
    while key is not None and key in now and now[key].level is Level.HEADER:
        if any(entry.parent == key for entry in now.values()):
            return
        key = now.pop(key).parent


def in_order(listed: Sequence[str], keys: Iterable[str]) -> list[str]:
    """Keys in the order of a list; those that it does not hold stand behind the one that is before them in the alphabet."""
    place = {key: i for i, key in enumerate(listed)}
    alphabet = sorted(listed)

    def rank(key: str) -> tuple[int, str]:
        if key in place:
            return (place[key], "")
        before = bisect_left(alphabet, key)
        return (place[alphabet[before - 1]] if before else -1, key)

    return sorted(keys, key=rank)


def _subdivide(key: str, now: dict[str, Entry], deleted: Mapping[str, Entry]) -> None:
    """A deleted code that a new one subdivides lives on as the header above it, with its title and notes."""
    for length in range(3, len(key)):
        above = key[:length]
        if above in deleted and above not in now:
            now[above] = replace(deleted[above], level=Level.HEADER)


def _advance(
    current: Mapping[str, Version],
    snapshot: Snapshot,
    release: Release,
    *,
    first: bool,
    gap: bool,
    former: Container[str],
) -> tuple[dict[str, Version], list[Version]]:
    """The versions in force with a release, and those that it ended. `gap`: nothing is known of the days before it.
    `former` are keys that an earlier release had and the last one had not."""
    kept: dict[str, Version] = {}
    ended: list[Version] = []
    for key, entry in snapshot.items():
        old = current.get(key)
        since = entry.valid_from or (None if first else release.effective)
        if old is not None and _same(old.entry, entry, release):
            kept[key] = Version(entry, old.since or entry.valid_from, entry.valid_until, release)
            continue
        if old is not None or key in former:
            # The same entry in other words, or back again: of the days before, the earlier version speaks.
            since = max(release.effective, entry.valid_from or release.effective)
        if old is not None:
            ended.append(_ended(old, release, gap))
        kept[key] = Version(entry, since, entry.valid_until, release)
    for key, old in current.items():
        if key not in snapshot:
            ended.append(_ended(old, release, gap))
    # What was announced and reworded or withdrawn before it began was never valid.
    return kept, [v for v in ended if v.since is None or v.until is None or v.since <= v.until]


def _ended(old: Version, release: Release, gap: bool) -> Version:
    last = release.effective - DAY
    told = old.until is not None and old.until <= last
    return old if told else replace(old, until=last, gone=gap)


def _same(old: Entry, new: Entry, release: Release) -> bool:
    """Whether the newer release says the same of an entry, or says that it had ended before this release began."""
    if new.valid_until is not None and new.valid_until < release.effective:
        return True
    return replace(old, valid_from=None, valid_until=None, facts={}) == replace(
        new, valid_from=None, valid_until=None, facts={}
    )
