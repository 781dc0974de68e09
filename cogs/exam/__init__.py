"""Exam dates, reminders of them, and how people want to be reminded."""
