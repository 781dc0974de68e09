"""Private practice."""
