"""A strict reader of iCalendar files, from the grammar of RFC 5545 and from nothing that the bot uses to write them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

_LINE = re.compile(
    r'(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;[A-Za-z0-9-]+=(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*))*)'
    r":(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)"
)
_TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,Nn])*")
_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<w>\d+)W|(?:(?P<d>\d+)D)?(?:T(?=\d)(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?)"
)
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

# Of each component: what must stand once, what may stand once, what it may hold. 3.6
GRAMMAR: dict[str, tuple[set[str], set[str], set[str]]] = {
    "VCALENDAR": ({"PRODID", "VERSION"}, {"CALSCALE", "METHOD", "X-WR-CALNAME"}, {"VEVENT", "VTIMEZONE"}),
    "VEVENT": (
        {"UID", "DTSTAMP", "DTSTART"},
        {"DTEND", "CREATED", "SEQUENCE", "SUMMARY", "DESCRIPTION", "CLASS", "TRANSP", "STATUS"},
        {"VALARM"},
    ),
    "VALARM": ({"ACTION", "TRIGGER", "DESCRIPTION"}, set(), set()),
    "VTIMEZONE": ({"TZID"}, set(), {"STANDARD", "DAYLIGHT"}),
    "STANDARD": ({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}, {"TZNAME", "RRULE"}, set()),
}
GRAMMAR["DAYLIGHT"] = GRAMMAR["STANDARD"]
TEXTS = {"SUMMARY", "DESCRIPTION", "PRODID", "X-WR-CALNAME", "TZNAME", "UID", "TZID"}
VALUES = {
    "STATUS": {"TENTATIVE", "CONFIRMED", "CANCELLED"},
    "TRANSP": {"OPAQUE", "TRANSPARENT"},
    "CLASS": {"PUBLIC", "PRIVATE", "CONFIDENTIAL"},
    "ACTION": {"DISPLAY"},
    "VERSION": {"2.0"},
    "CALSCALE": {"GREGORIAN"},
}


@dataclass
class Property:
    name: str
    params: dict[str, str]
    value: str


@dataclass
class Component:
    name: str
    properties: dict[str, Property] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A text as it was before it was escaped."""
        found = self.properties.get(name)
        return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "Nn" else m[1], found.value) if found else ""

    def all(self, name: str) -> list["Component"]:
        return [part for part in self.parts if part.name == name]


def unfold(data: bytes) -> list[str]:
    """The content lines. 3.1"""
    assert data.endswith(b"\r\n"), "the last line has no end"
    assert not re.search(rb"[\r\n]", data.replace(b"\r\n", b"")), "not all lines end in CRLF"
    physical = data[:-2].split(b"\r\n")
    assert all(0 < len(line) <= 75 for line in physical), "a line has more than 75 octets"
    # Each on its own is sound UTF-8: no reader sees half of a character.
    assert [line.decode("utf-8") for line in physical]
    return data[:-2].replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode("utf-8").split("\r\n")


def parse(data: bytes) -> Component:
    """The calendar, or an AssertionError that says what is wrong with it."""
    stack: list[Component] = []
    done: list[Component] = []
    for line in unfold(data):
        match = _LINE.fullmatch(line)
        assert match, f"not a content line: {line}"
        params = dict(part.split("=", 1) for part in match["params"].split(";")[1:])
        found = Property(match["name"].upper(), {key.upper(): value for key, value in params.items()}, match["value"])
        if found.name == "BEGIN":
            stack.append(Component(found.value))
            assert found.value in GRAMMAR, found.value
        elif found.name == "END":
            ended = stack.pop()
            assert ended.name == found.value, "parts overlap"
            _check(ended)
            (stack[-1].parts if stack else done).append(ended)
        else:
            assert found.name not in stack[-1].properties, f"{found.name} stands twice"
            stack[-1].properties[found.name] = found
    assert not stack, "a part has no end"
    [calendar] = done
    assert calendar.name == "VCALENDAR"
    _check_whole(calendar)
    return calendar


def _check(part: Component) -> None:
    needed, allowed, inner = GRAMMAR[part.name]
    names = set(part.properties)
    assert needed <= names <= needed | allowed, f"{part.name} has {names}"
    assert {each.name for each in part.parts} <= inner
    for found in part.properties.values():
        if found.name in TEXTS:
            assert _TEXT.fullmatch(found.value), f"{found.name} is not escaped: {found.value}"
        if found.name in VALUES:
            assert found.value in VALUES[found.name], found
    if part.name == "VTIMEZONE":
        assert part.parts, "a zone without rules"
    if part.name in ("STANDARD", "DAYLIGHT"):
        assert re.fullmatch(r"\d{8}T\d{6}", part.properties["DTSTART"].value)
        for name in ("TZOFFSETFROM", "TZOFFSETTO"):
            offset(part.properties[name].value)
    if part.name == "VEVENT":
        for name in ("DTSTAMP", "CREATED"):
            assert name not in names or re.fullmatch(r"\d{8}T\d{6}Z", part.properties[name].value), name
        kinds = {
            part.properties[name].params.get("VALUE", "DATE-TIME") for name in ("DTSTART", "DTEND") if name in names
        }
        assert len(kinds) == 1, "start and end are not of one kind"
        assert re.fullmatch(r"\d{1,9}", part.properties["SEQUENCE"].value)
    if part.name == "VALARM":
        duration(part.properties["TRIGGER"].value)


def _check_whole(calendar: Component) -> None:
    events, zones = calendar.all("VEVENT"), calendar.all("VTIMEZONE")
    uids = [event.properties["UID"].value for event in events]
    assert len(set(uids)) == len(uids), "a UID stands twice"
    defined = [zone.properties["TZID"].value for zone in zones]
    used = {p.params["TZID"] for event in events for p in event.properties.values() if "TZID" in p.params}
    assert sorted(defined) == sorted(used)
    for event in events:
        assert moment(calendar, event, "DTSTART") < moment(calendar, event, "DTEND")


def moment(calendar: Component, event: Component, name: str) -> date | datetime:
    """A day, or an instant in UTC, worked out from the rules that the file itself has."""
    found = event.properties[name]
    if found.params.get("VALUE") == "DATE":
        return datetime.strptime(found.value, "%Y%m%d").date()
    if found.value.endswith("Z"):
        assert "TZID" not in found.params
        return datetime.strptime(found.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    local = datetime.strptime(found.value, "%Y%m%dT%H%M%S")
    [zone] = [zone for zone in calendar.all("VTIMEZONE") if zone.properties["TZID"].value == found.params["TZID"]]
    onsets = [onset for rule in zone.parts for onset in _onsets(rule, local)]
    assert onsets, "no rule holds at that time"
    return (local - max(onsets)[1]).replace(tzinfo=UTC)


def _onsets(rule: Component, until: datetime) -> Sequence[tuple[datetime, timedelta]]:
    """When the rule came into force up to a local time, with its offset."""
    start = datetime.strptime(rule.properties["DTSTART"].value, "%Y%m%dT%H%M%S")
    after = offset(rule.properties["TZOFFSETTO"].value)
    if "RRULE" not in rule.properties:
        return [(start, after)] if start <= until else []
    parts = dict(part.split("=") for part in rule.properties["RRULE"].value.split(";"))
    assert parts.pop("FREQ") == "YEARLY"
    assert set(parts) == {"BYMONTH", "BYDAY"}
    nth, weekday = int(parts["BYDAY"][:-2]), _WEEKDAYS.index(parts["BYDAY"][-2:])
    found: list[datetime] = []
    for year in range(start.year, until.year + 1):
        days = [date(year, int(parts["BYMONTH"]), 1) + timedelta(days=i) for i in range(31)]
        days = [day for day in days if day.month == int(parts["BYMONTH"]) and day.weekday() == weekday]
        found.append(datetime.combine(days[nth - 1 if nth > 0 else nth], start.time()))
    # The first one must be one that the rule gives, or readers disagree about it.
    assert found[:1] in ([], [start])
    return [(onset, after) for onset in found if onset <= until]


def offset(text: str) -> timedelta:
    match = _OFFSET.fullmatch(text)
    assert match, text
    assert text != "-0000", "there is no such offset"
    size = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    return -size if match[1] == "-" else size


def duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    assert match, text
    assert any(match[part] for part in "wdhms"), text
    weeks, days, hours, minutes, seconds = (int(match[part] or 0) for part in "wdhms")
    size = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -size if match["sign"] == "-" else size
