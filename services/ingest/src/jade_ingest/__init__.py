"""Ingest: turns what scanners write into findings, each with its resource."""
