"""The readers of official code-set files and the database that is built from them."""
