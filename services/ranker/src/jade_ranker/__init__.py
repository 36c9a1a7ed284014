"""Ranker: the five policies that matter for a resource or a scanner's finding, each with its evidence."""
