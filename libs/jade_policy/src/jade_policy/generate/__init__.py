"""Writes what follows from a policy's source: template, constraint, suite, page, index and conftest pack.

`policy.rego` with its METADATA and the fixtures are written by people; `python -m jade_policy.generate write`
makes the rest, and `check` names every file that no longer follows from its source.
"""
