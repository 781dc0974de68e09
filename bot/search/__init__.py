"""One search engine for codes and concepts: words by FTS5, mended spelling, synonyms, and one ranking."""
