"""State in SQLite or PostgreSQL: plain functions per aggregate over one small `Database` seam."""
