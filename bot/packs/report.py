"""What `check` prints: every fault, what is overdue, and how well each blueprint is covered."""

import json
from datetime import date
from pathlib import Path

from bot.core.content import Content
from bot.packs.checks import Judge, coverage
from bot.packs.load import read_content
from bot.packs.models import FILES


def report(
    root: Path, schemas: Path, *, write_schemas: bool = False, today: date | None = None, judge: Judge | None = None
) -> tuple[str, bool]:
    """The report on the content under `root`, and whether it is sound; `judge` knows the code sets."""
    content, faults = read_content(root, judge=judge)
    lines = [str(fault) for fault in sorted(faults)]
    stale = _schemas(schemas, write=write_schemas)
    if stale:
        lines.append(f"{', '.join(stale)}: not what the models say; run python -m bot check --write-schemas")
    sound = not lines
    if sound:
        lines += _coverage(content)
        lines += _overdue(content, today or date.today())
        lines.append(_counted(content))
    else:
        lines.append(f"{len(lines)} fault{'s' if len(lines) > 1 else ''}.")
    return "\n".join(lines), sound


def _counted(content: Content) -> str:
    counts = [f"{len(content.items)} items", f"{len(content.concepts)} concepts", f"{len(content.exams)} exams"]
    if content.cases:
        counts.insert(1, f"{len(content.cases)} case sets")
    if content.terms:
        counts.append(f"everyday terms for {sum(len(group.terms) for group in content.terms.values())} codes")
    if content.synonyms:
        counts.append(f"{len(content.synonyms)} synonyms")
    return f"{', '.join(counts)}: no faults."


def _schemas(folder: Path, *, write: bool) -> list[str]:
    """The published JSON Schemas that differ from the models; with `write`, they are written anew."""
    stale: list[str] = []
    for name, model in FILES.items():
        path = folder / f"{name}.schema.json"
        text = json.dumps(model.model_json_schema(), indent=2) + "\n"
        if write:
            folder.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif folder.is_dir() and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(str(path))
    return stale


def _coverage(content: Content) -> list[str]:
    lines: list[str] = []
    for exam in content.exams.values():
        rows = coverage(content, exam)
        if not any(count for _, _, count in rows):
            lines.append(f"{exam.name} ({exam.issuer}): described, without items")
            continue
        cases = content.cases_for(exam)
        within = f", {sum(len(case.items) for case in cases)} of them in {len(cases)} case sets" if cases else ""
        lines.append(f"{exam.name} ({exam.issuer}): {sum(count for _, _, count in rows)} items{within}")
        lines += [f"  {count:4}  {title} (weight {weight:g})" for title, weight, count in rows]
    return lines


def _overdue(content: Content, today: date) -> list[str]:
    entries = [*content.items.values(), *content.concepts.values()]
    return [
        f"To be checked again since {entry.review_after}: {entry.id}" for entry in entries if entry.review_after < today
    ]
