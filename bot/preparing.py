"""What must be there before the bot starts: the code database."""

import logging
import os
import subprocess
import sys
from pathlib import Path

from bot.app import code_sets
from bot.codes.book import CodeBook, NoCodes
from bot.codes.release import FileFault
from bot.config import Settings
from bot.log import fields
from bot.packs import PackFaults

log = logging.getLogger(__name__)


def ensure_codes(settings: Settings) -> None:
    """Build the code database if it is missing or what it is made from changed; without it the bot runs all the same,
    on the one before or with look-ups that say what is missing. Raises PackFaults.

    In a process of its own: building takes 150 MB and more, which this one would keep for as long as it runs.
    """
    try:
        if code_sets(settings).is_current():
            return
    except (FileFault, OSError) as error:
        log.error("code sets can't be looked at", extra=fields(reason=str(error)))
        return
    environment = os.environ | {
        "CODES_PATH": str(settings.codes_path),
        "CONTENT_PATH": str(settings.content_path),
        # Wherever this one was started from, the other finds the same code.
        "PYTHONPATH": os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")))),
    }
    built = subprocess.run(
        [sys.executable, "-m", "bot", "codes", "build"], env=environment, check=False, stdout=subprocess.DEVNULL
    )
    if built.returncode:
        log.error("code sets could not be built; look-ups use the ones before, if any")


def code_book(settings: Settings) -> CodeBook | None:
    """The code database, built first if need be; None where that fails, also because the content is faulty."""
    try:
        ensure_codes(settings)
        return code_sets(settings).book()
    except (NoCodes, PackFaults):
        return None
