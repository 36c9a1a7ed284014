"""Trains the ranker on what Jade's own policies say of themselves: ``python -m jade_ranker.train``."""
