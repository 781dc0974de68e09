"""Official files, each format read by a module of its own into a `Source`."""
