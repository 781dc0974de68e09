"""Code sets: official files into one read-only database, and looking codes up in it."""
