"""Fixtures of all tests: real servers, in containers where an engine holds the images, else as local processes."""

pytest_plugins = ["jade_common.testing.fixtures"]


def pytest_addoption(parser):
    parser.addoption(
        "--policy",
        default="",
        metavar="ID,ID",
        help="tests/integration/library: read and test these policies alone, each of them in full",
    )
