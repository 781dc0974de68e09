"""/code: look codes up, put two beside each other, drill."""
