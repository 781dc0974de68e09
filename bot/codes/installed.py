"""The files that come with the installation: the ICD-10-CM tabular list inside the package simple-icd-10-cm."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from bot.codes.release import FileFault

PACKAGE = "simple-icd-10-cm"


def tabular() -> Path:
    """The tabular XML. The package is not imported, which would cost seconds and 177 MB. Raises FileFault."""
    return _located(r"data/icd10c-tabular-[^/]*\.xml$")


def code_list() -> frozenset[str]:
    """The key of every header and billable code of that release, as the package lists them. Raises FileFault."""
    text = _located(r"data/code-list-[^/]*\.txt$").read_text(encoding="utf-8")
    return frozenset(line.split()[0].replace(".", "") for line in text.splitlines() if line.strip())


def _located(pattern: str) -> Path:
    try:
        package = distribution(PACKAGE)
    except PackageNotFoundError:
        raise FileFault(PACKAGE, "", "is not installed; set the project up again with make setup") from None
    for file in package.files or ():
        if re.search(pattern, file.as_posix()):
            return Path(str(package.locate_file(file)))
    raise FileFault(PACKAGE, "", f"holds no file like {pattern}")
