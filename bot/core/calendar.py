"""What a learner takes along into a calendar of their own: an iCalendar file (RFC 5545)."""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Component, Event, Timezone, TimezoneDaylight, TimezoneStandard

from bot.core.zone_rules import Observance, observances

PRODUCT = "-//CodeRounds//Study calendar//EN"
NAME = "CodeRounds"

UTC_ZONE = ZoneInfo("UTC")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_NAMES = uuid.UUID("0b8e3a5e-3c5c-4b0e-9a43-7d1f6a2c5d90")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days, both included, on whatever calendar they are read."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Hours:
    """From one instant to another (UTC seconds), shown in `zone`."""

    starts_at: int
    ends_at: int
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        return datetime.fromtimestamp(self.starts_at, self.zone)

    @property
    def end(self) -> datetime:
        return datetime.fromtimestamp(self.ends_at, self.zone)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of a calendar. `uid` names it for good and `sequence` counts its changes, so that another import brings
    it up to date; `alarms` are instants (UTC seconds) in the reader's `zone`; `busy` says whether it takes the time."""

    uid: str
    sequence: int
    created_at: int
    when: Days | Hours
    title: str
    text: str = ""
    alarms: tuple[int, ...] = ()
    zone: ZoneInfo = UTC_ZONE
    busy: bool = True
    cancelled: bool = False


def uid(*parts: str | int) -> str:
    """A name for an event that is the same in each export, and nowhere else in the world."""
    return f"{uuid.uuid5(_NAMES, ':'.join(map(str, parts)))}@coderounds"


def ics(entries: Sequence[Entry], now: int) -> bytes:
    """The file, as of `now` (UTC seconds). It has no METHOD: it is imported, not answered."""
    calendar = Calendar()
    _add(calendar, "prodid", PRODUCT)
    _add(calendar, "version", "2.0")
    _add(calendar, "calscale", "GREGORIAN")
    _add(calendar, "x-wr-calname", NAME)
    for zone in _zones(entries):
        calendar.add_component(zone)
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return calendar.to_ical()


def _event(entry: Entry, now: int) -> Event:
    event = Event()
    _add(event, "uid", entry.uid)
    _add(event, "dtstamp", datetime.fromtimestamp(now, UTC))
    _add(event, "created", datetime.fromtimestamp(entry.created_at, UTC))
    _add(event, "sequence", entry.sequence)
    match entry.when:
        case Days(first, last):
            _add(event, "dtstart", first)
            _add(event, "dtend", last + timedelta(days=1))
        case Hours() as hours:
            _add_instant(event, "dtstart", hours.start)
            _add_instant(event, "dtend", hours.end)
    _add(event, "summary", _clean(entry.title))
    if entry.text:
        _add(event, "description", _clean(entry.text))
    _add(event, "class", "PRIVATE")
    _add(event, "transp", "OPAQUE" if entry.busy and not entry.cancelled else "TRANSPARENT")
    _add(event, "status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    for before in () if entry.cancelled else _triggers(entry):
        alarm = Alarm()
        _add(alarm, "action", "DISPLAY")
        _add(alarm, "description", _clean(entry.title))
        _add(alarm, "trigger", before)
        event.add_component(alarm)
    return event


def _add(component: Component, name: str, value: object, parameters: dict[str, str] | None = None) -> None:
    component.add(name, value, parameters or {})  # pyright: ignore[reportUnknownMemberType]


def _add_instant(event: Event, name: str, at: datetime) -> None:
    # The name of the zone is given as it is: left to itself the library writes some zones as others, or as UTC.
    key = str(at.tzinfo)
    if key == "UTC":
        _add(event, name, at.astimezone(UTC))
    else:
        _add(event, name, at.replace(tzinfo=None), {"TZID": key})


def _triggers(entry: Entry) -> Iterable[timedelta]:
    """From the start to each alarm, as clocks on the wall count: a day is a day, also when the clocks change."""
    match entry.when:
        case Days(first, _):
            start, zone = datetime.combine(first, time.min), entry.zone
        case Hours() as hours:
            start, zone = hours.start.replace(tzinfo=None), hours.zone
    for alarm in entry.alarms:
        yield datetime.fromtimestamp(alarm, zone).replace(tzinfo=None) - start


def _zones(entries: Iterable[Entry]) -> Iterator[Timezone]:
    """The rules of each zone that the entries use."""
    years: dict[str, set[int]] = {}
    for entry in entries:
        if isinstance(entry.when, Hours) and entry.when.zone.key != "UTC":
            years.setdefault(entry.when.zone.key, set()).update((entry.when.start.year, entry.when.end.year))
    for key, found in sorted(years.items()):
        zone = Timezone()
        _add(zone, "tzid", key)
        for observance in observances(key, min(found), max(found)):
            zone.add_component(_observance(observance))
        yield zone


def _observance(observance: Observance) -> TimezoneDaylight | TimezoneStandard:
    change = observance.changes[0]
    made = TimezoneDaylight() if change.summer else TimezoneStandard()
    _add(made, "dtstart", change.onset)
    _add(made, "tzoffsetfrom", change.before)
    _add(made, "tzoffsetto", change.after)
    _add(made, "tzname", change.name)
    if observance.month:
        day = f"{observance.nth}{WEEKDAYS[observance.weekday]}"
        _add(made, "rrule", {"freq": "yearly", "bymonth": observance.month, "byday": day})
    return made


def _clean(text: str) -> str:
    """Without the control characters that a text may not have (3.3.11)."""
    return _CONTROLS.sub(" ", text)
