"""Packs: the YAML under content/, read safely and checked whole, with every fault at its place."""

from bot.packs.load import PackFaults, load_content

__all__ = ["PackFaults", "load_content"]
