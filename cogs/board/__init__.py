"""Boards on Discord."""
