"""Continuing education units: cycles, entries, where a learner stands."""
