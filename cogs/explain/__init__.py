"""Explanations of coding concepts, and practice on each."""
