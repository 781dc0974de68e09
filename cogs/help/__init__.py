"""Help, versions and notices."""
