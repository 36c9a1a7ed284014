"""Fixtures of all tests: real servers, in containers where an engine holds the images, else as local processes."""

pytest_plugins = ["jade_common.testing.fixtures"]
