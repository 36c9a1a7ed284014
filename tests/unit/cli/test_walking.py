"""Which files a command line names, in which order, and what cannot be opened."""

import os

import pytest

from jade_cli.scan.walking import Again, Found, Missing, Walk


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in (
        "b.yaml",
        "a.yml",
        "sub/c.json",
        "notes.txt",
        ".git/x.yaml",
        "node_modules/y.yaml",
        ".hidden.yaml",
    ):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("{}")


def names(*paths, **options):
    return [file.path for file in Walk(**options).files(paths) if isinstance(file, Found)]


def missing(*paths):
    return [
        (file.unread.path, file.unread.reason) for file in Walk().files(paths) if isinstance(file, Missing)
    ]


def test_folder_is_walked_in_order_without_hidden_and_foreign_folders():
    assert names(".") == ["a.yml", "b.yaml", "sub/c.json"]


def test_named_file_is_read_whatever_it_is_called():
    assert names("notes.txt", "./.hidden.yaml") == ["notes.txt", ".hidden.yaml"]


def test_each_file_is_read_once():
    files = list(Walk().files(["b.yaml", ".", "-", "-"]))
    assert [file.path for file in files if isinstance(file, Found)] == [
        "b.yaml",
        "a.yml",
        "sub/c.json",
        "stdin",
    ]
    assert [file.given for file in files if isinstance(file, Again)] == [".", "-"]


def test_links_that_lead_in_circles_or_nowhere(tmp_path):
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.yaml").symlink_to("nothing")
    (tmp_path / "self.yaml").symlink_to("self.yaml")
    assert names(".") == ["a.yml", "b.yaml", "sub/c.json"]
    assert [path for path, _ in missing(".")] == ["gone.yaml", "self.yaml"]


def test_what_is_not_there_is_named():
    assert missing("nope", "a\0b") == [
        ("nope", "does not exist; check the path"),
        ("a\0b", "is no path: embedded null byte"),
    ]


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    assert [path for path, _ in missing(".")] == ["pipe.yaml"]


@pytest.mark.parametrize("pattern", ["sub", "sub/", "sub/*", "*.json", "c.json"])
def test_exclude_by_name_or_path(pattern):
    assert names(".", exclude=[pattern]) == ["a.yml", "b.yaml"]


def test_name_of_stdin():
    assert names("-", stdin_name="shop/cart.yaml") == ["shop/cart.yaml"]


def test_a_name_that_is_no_text_is_shown_as_text(tmp_path):
    (tmp_path / "sub" / os.fsdecode(b"\xff.yaml")).write_text("{}")
    assert names("sub") == ["sub/c.json", "sub/\ufffd.yaml"]
