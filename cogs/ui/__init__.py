"""What features share on Discord: one look, buttons that survive restarts, errors, pictures."""
