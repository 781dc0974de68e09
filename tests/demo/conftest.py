"""The code database that the demo is shown with, shared with other tests."""

from tests.codes.databases import codes_folder, content_folder

__all__ = ["codes_folder", "content_folder"]
