"""Scanning files: found, read, judged here or by the running stack, reported."""
