"""Reports that are Kubernetes objects: one, a list, or several YAML documents."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_ingest.domain.content import Content
from jade_ingest.domain.entries import text


def objects_are(content: Content, wanted: Callable[[Mapping[str, Any]], bool]) -> bool:
    """Whether every object of the content, as far as its sketch shows, is what is wanted, and there is one."""
    if content.form == "documents":
        found = [value for _, value in content.sketch if isinstance(value, dict)]
    elif content.form == "json" and isinstance(content.sketch, dict | list):
        found = content.sketch if isinstance(content.sketch, list) else [content.sketch]
    else:
        return False
    objects = [one for value in found for one in _items(value)]
    return bool(objects) and all(isinstance(one, dict) and wanted(one) for one in objects)


def version_known(obj: Mapping[str, Any], group: str, versions: Collection[str]) -> None:
    """Refuse a version that is not known.

    Raises:
        InvalidEventError: It is none of ``versions``.
    """
    version = text(obj, "apiVersion").partition("/")[2]
    if version not in versions:
        raise InvalidEventError(
            f"apiVersion of {text(obj, 'kind')} is {text(obj, 'apiVersion')!r}; known is "
            f"{', '.join(f'{group}/{one}' for one in sorted(versions))}: a newer Jade may read it"
        )


def _items(value: Any) -> list[Any]:
    """The objects of a list; items of a typed list take its apiVersion."""
    if not isinstance(value, dict) or "items" not in value or not text(value, "kind").endswith("List"):
        return [value]
    items = value["items"] if isinstance(value["items"], list) else []
    if text(value, "kind") == "List":
        return items
    typed = {"apiVersion": value.get("apiVersion"), "kind": text(value, "kind").removesuffix("List")}
    return [{**typed, **item} if isinstance(item, dict) else item for item in items] or [typed]
