"""Fixtures of all tests: real servers, in containers where an engine holds the images, else as local processes."""

import os
import signal

pytest_plugins = ["jade_common.testing.fixtures"]

# Vectors of a library take half a minute the first time: tests of the extra `semantic` ask for it, all others do not.
os.environ.setdefault("JADE_RANKER_SEMANTIC", "false")

# A shell's background jobs ignore Ctrl-C, and so would all that is started from here, where the tests run in one.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    parser.addoption(
        "--policy",
        default="",
        metavar="ID,ID",
        help="tests/integration/library: read and test these policies alone, each of them in full",
    )
