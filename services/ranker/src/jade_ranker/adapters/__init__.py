"""The ranker's connections: verdicts from OPA through the cache."""
