"""Exams, their issuers, and the path to a credential."""
