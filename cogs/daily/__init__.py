"""The daily question on Discord."""
