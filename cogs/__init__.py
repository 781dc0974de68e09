"""Thin Discord adapters, a package per feature."""
