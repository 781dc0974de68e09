"""The code databases that these tests share."""

from tests.codes.databases import book, book_of_all, codes_folder, content_folder, folder_of_all, synonyms

__all__ = ["book", "book_of_all", "codes_folder", "content_folder", "folder_of_all", "synonyms"]
