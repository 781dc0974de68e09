"""Packs: the YAML under content/, read safely and checked whole, with every fault at its place."""

from bot.packs.load import TERMS, PackFaults, load_content

__all__ = ["TERMS", "PackFaults", "load_content"]
