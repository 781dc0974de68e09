"""Live rounds on Discord."""
