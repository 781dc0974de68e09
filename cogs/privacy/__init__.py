"""A learner's own data."""
