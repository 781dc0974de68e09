"""What must hold across files, beyond the form of each entry: ids, links, giveaways, copies, CPT."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.certs import Issuer
from bot.core.content import Concept, Content, Exam, Item
from bot.packs.document import Fault

ALIKE = 0.6
"""Stems that share more than this part of their word triples are the same question twice."""

LONGEST_AT_MOST = 0.4
"""The part of single-answer items whose key may be the longest option; 0.25 would be chance."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A sound entry and where it stands."""

    file: str
    line: int
    value: Any

    def fault(self, text: str, place: str = "") -> Fault:
        return Fault(self.file, self.line, f"{self.value.id}: {place}" if place else self.value.id, text)


Judge = Callable[[str, bool], str | None]
"""A code, and whether it must be one that can be reported; what is wrong with it, or None."""


def across(entries: Mapping[str, Sequence[Entry]], judge: Judge | None = None) -> list[Fault]:
    """Every fault that shows only when all files are seen together; `judge` knows the code sets."""
    faults: list[Fault] = []
    for folder, group in entries.items():
        if folder != "cases":
            # A case set and a question have no id in common: learners pick either by it.
            faults += _unique([*group, *entries["cases"]] if folder == "questions" else group)
    concepts = {entry.value.id for entry in entries["concepts"]}
    areas = {area for entry in entries["exams"] for row in entry.value.areas for area in row.draws_from}
    for entry in entries["questions"]:
        item: Item = entry.value
        if item.concept not in concepts:
            faults.append(entry.fault(f"there is no concept '{item.concept}' under content/concepts/", "concept"))
        # The first area of a case item is not its author's: an exam without cases asks it under its subject.
        own = item.areas[1:] if item.case else item.areas
        faults += [entry.fault(f"no exam draws from the area '{area}'", "areas") for area in own if area not in areas]
        faults += _letters(entry, _item_texts(item))
        faults += _cpt(entry, [*_item_texts(item), item.reference])
    faults += _records(entries)
    for entry in entries["concepts"]:
        concept: Concept = entry.value
        faults += _cpt(
            entry, [concept.title, concept.summary, concept.rule, concept.example, concept.trap, concept.reference]
        )
        faults += [
            entry.fault(f"there is no concept '{name}' under content/concepts/", "related")
            for name in concept.related
            if name not in concepts or name == concept.id
        ]
    if judge is not None:
        faults += _codes(entries, judge)
    faults += _certs(entries)
    faults += _spoken_once(entries["terms"])
    faults += _alike(entries["questions"], [entry.value.stem for entry in entries["questions"]], "stem")
    faults += _longest(entries["questions"])
    return faults


def _records(entries: Mapping[str, Sequence[Entry]]) -> list[Fault]:
    """What is wrong with the records of case sets, told once for a set and not for each of its items."""
    faults: list[Fault] = []
    told = {(entry.value.case, entry.value.id): entry.value.scenario for entry in entries["questions"]}
    records = [told[entry.value.id, entry.value.items[0]] for entry in entries["cases"]]
    for entry, record in zip(entries["cases"], records, strict=True):
        faults += _cpt(entry, [entry.value.title, record])
        faults += _letters(entry, [entry.value.title, record])
    return faults + _alike(entries["cases"], records, "scenario")


def _certs(entries: Mapping[str, Sequence[Entry]]) -> list[Fault]:
    """Exams and issuers name each other rightly, and no fact teaches a CPT code."""
    faults: list[Fault] = []
    exams: dict[str, Exam] = {entry.value.id: entry.value for entry in entries["exams"]}
    issuers = {entry.value.name for entry in entries["issuers"]}
    for entry in entries["exams"]:
        exam: Exam = entry.value
        if issuers and exam.issuer not in issuers:
            faults.append(entry.fault(f"there is no issuer '{exam.issuer}' under content/issuers/", "issuer"))
        faults += _cpt(entry, [text for fact in exam.facts for text in (fact.brief, fact.text)])
    for entry in entries["issuers"]:
        issuer: Issuer = entry.value
        faults += [
            entry.fault(f"'{name}' is no exam of {issuer.name}", "steps")
            for step in issuer.steps
            for name in step.exams
            if name not in exams or exams[name].issuer != issuer.name
        ]
        faults += _cpt(entry, [text for fact in issuer.facts for text in (fact.brief, fact.text)])
        faults += _cpt(entry, [step.text for step in issuer.steps])
        faults += _ceus(entry, {exam.id for exam in exams.values() if exam.issuer == issuer.name})
    categories = [
        (entry, minimum.id) for entry in entries["issuers"] for rule in entry.value.ceus for minimum in rule.minimums
    ]
    faults += [
        entry.fault(f"the category '{name}' stands twice, here or under another issuer", "ceus")
        for place, (entry, name) in enumerate(categories)
        if any(name == other for _, other in categories[:place])
    ]
    for entry in entries["careers"]:
        faults += _cpt(entry, [entry.value.title, entry.value.text])
    return faults


def _ceus(entry: Entry, exams: set[str]) -> list[Fault]:
    """The rules on continuing education units are for exams of their issuer, each exam with one rule, and teach no code."""
    issuer: Issuer = entry.value
    named = [name for rule in issuer.ceus for name in (rule.exams or sorted(exams))]
    faults = [
        entry.fault(f"'{name}' is no exam of {issuer.name}", "ceus")
        for name in sorted({*named, *(name for rule in issuer.ceus for least in rule.minimums for name in least.exams)})
        if name not in exams
    ]
    faults += [
        entry.fault(f"'{name}' stands under two rules", "ceus")
        for name in sorted({n for n in named if named.count(n) > 1})
    ]
    return faults + _cpt(entry, [note.text for rule in issuer.ceus for note in rule.notes])


def _item_texts(item: Item) -> list[str]:
    return [item.stem, *(option.text for option in item.options), *(option.rationale for option in item.options)]


def _unique(entries: Iterable[Entry]) -> list[Fault]:
    first: dict[str, Entry] = {}
    faults: list[Fault] = []
    for entry in entries:
        other = first.setdefault(entry.value.id, entry)
        if other is not entry:
            faults.append(entry.fault(f"this id is taken by {other.file}:{other.line}", "id"))
    return faults


_LETTER = re.compile(
    r"\b(option|answer|choice)s? [A-F]\b|\b(all|none) of the above\b|\bboth [A-F] and [A-F]\b", re.IGNORECASE
)


def _letters(entry: Entry, texts: Iterable[str]) -> list[Fault]:
    for text in texts:
        if match := _LETTER.search(text):
            return [entry.fault(f"'{match[0]}' makes no sense once the options are shuffled")]
    return []


# A CPT code other than the E/M levels, which the guidelines themselves discuss by number. Ranges and series are
# how sections are named; everything else would sooner or later bring a descriptor with it.
_CPT = re.compile(r"(?<![\w.$])(?!99[2-4]\d\d)(\d{5}|\d{4}[FTU])(?![\w%]|,\d| series|-series)")
_RANGE = re.compile(r"\b\d{5}( ?[-–] ?| to )\d{5}\b")


def _cpt(entry: Entry, texts: Iterable[str]) -> list[Fault]:
    for text in texts:
        if match := _CPT.search(_RANGE.sub("", text)):
            return [entry.fault(f"names {match[1]}, which looks like a CPT code; teach the rule without the code")]
    return []


def _codes(entries: Mapping[str, Sequence[Entry]], judge: Judge) -> list[Fault]:
    """Codes that don't exist, have ended, or can't be reported where they are given as answers."""
    named = [
        *((entry, "codes", code, True) for entry in entries["questions"] for code in entry.value.codes),
        *((entry, "codes", code, False) for entry in entries["concepts"] for code in entry.value.codes),
        *((entry, "terms", code, True) for entry in entries["terms"] for code in entry.value.terms),
    ]
    judged = ((entry, place, judge(code, reported)) for entry, place, code, reported in named)
    return [entry.fault(wrong, place) for entry, place, wrong in judged if wrong is not None]


def _spoken_once(entries: Sequence[Entry]) -> list[Fault]:
    """An everyday term leads to one code."""
    codes: dict[str, str] = {}
    said = [(entry, code, term) for entry in entries for code, terms in entry.value.terms.items() for term in terms]
    return [
        entry.fault(f"'{term}' stands under {codes[term]} and {code}", code)
        for entry, code, term in said
        if codes.setdefault(term, code) != code
    ]


def _triples(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _alike(entries: Sequence[Entry], texts: Iterable[str], place: str) -> list[Fault]:
    faults: list[Fault] = []
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    triples = [_triples(text) for text in texts]
    for i, own in enumerate(triples):
        shared: defaultdict[int, int] = defaultdict(int)
        for triple in own:
            for j in holders[triple]:
                shared[j] += 1
            holders[triple].append(i)
        for j, count in shared.items():
            if count / min(len(own), len(triples[j])) > ALIKE:
                faults.append(entries[i].fault(f"almost the {place} of {entries[j].value.id}", place))
    return faults


def _longest(entries: Sequence[Entry]) -> list[Fault]:
    single = [entry.value for entry in entries if not entry.value.multiple]
    given_away = [item for item in single if _key_is_longest(item)]
    if len(single) >= 20 and len(given_away) > LONGEST_AT_MOST * len(single):
        share = f"{len(given_away)} of {len(single)}"
        names = ", ".join(item.id for item in given_away[:8])
        return [Fault("content/questions", 0, "", f"the key is the longest option in {share} items ({names}, ...)")]
    return []


def _key_is_longest(item: Item) -> bool:
    [key] = item.key
    return all(len(item.options[key].text) > len(o.text) for i, o in enumerate(item.options) if i != key)


def coverage(content: Content, exam: Exam) -> list[tuple[str, float, int]]:
    """For each area of an exam: its title, its weight, and how many items serve it."""
    counted: defaultdict[str, int] = defaultdict(int)
    cases = (content.items[name] for case in content.cases_for(exam) for name in case.items)
    for item in (*content.pool(exam), *cases):
        if area := exam.area_of(item):
            counted[area.id] += 1
    return [(area.title, area.weight, counted[area.id]) for area in exam.areas]
