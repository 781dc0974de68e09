"""The code database and the content that the demo is shown with."""

import shutil
from pathlib import Path

import pytest

from tests.codes.databases import CONTENT, codes_folder, content_folder

__all__ = ["codes_folder", "content_folder"]


@pytest.fixture(scope="session")
def demo_content(tmp_path_factory: pytest.TempPathFactory, content_folder: Path) -> Path:
    """All content, with what the code database was made from exactly as it was then."""
    folder = tmp_path_factory.mktemp("whole") / "content"
    made_from = [part.name for part in content_folder.iterdir()]
    shutil.copytree(CONTENT, folder, ignore=lambda where, _: made_from if Path(where) == CONTENT else [])
    return shutil.copytree(content_folder, folder, dirs_exist_ok=True)
