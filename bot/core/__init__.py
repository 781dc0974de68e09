"""Pure rules: no I/O, no clock and no randomness of their own; `now` and `rng` are arguments."""
