"""CodeRounds: a Discord bot that tutors study groups for US medical-coding exams."""

__version__ = "0.1.0"
