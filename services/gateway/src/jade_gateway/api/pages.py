"""The documents for people, which load nothing from elsewhere: ``/docs`` (Swagger UI) and ``/asyncapi``.

Of ``fastapi-offline`` only the files are taken: its page has a script in line, for which the policy of the
page would have to allow all scripts in line, and leaves on Swagger's validator, which asks swagger.io.
"""

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from jade_common.asyncapi import document

ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
"""The only files that are served, each under its own name: no request's path becomes a path on disk."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Scripts from here alone; Swagger UI sets styles in line."""

SWAGGER = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Jade gateway</title>
<link rel="icon" href="docs/favicon.png"><link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script>
</body></html>
"""

START = 'SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", validatorUrl: null});\n'

STYLE = "body{font:16px/1.5 sans-serif;margin:2em auto;max-width:60em}pre{overflow:auto;background:#eee}"


def pages() -> list[Route]:
    """The routes of all documents."""
    bus = document()
    return [
        Route("/", start_page),
        Route("/asyncapi.json", fixed(JSONResponse(bus))),
        Route("/asyncapi", fixed(page(asyncapi_html(bus)))),
        Route("/docs", fixed(page(SWAGGER))),
        Route("/docs/start.js", fixed(Response(START, media_type="text/javascript"))),
        *(Route(f"/docs/{name}", asset(name, media)) for name, media in ASSETS.items()),
    ]


async def start_page(_: Request) -> Response:
    """Send people to the documents."""
    return RedirectResponse("docs")


def page(text: str) -> Response:
    """A page that may load nothing from elsewhere."""
    return HTMLResponse(text, headers={"Content-Security-Policy": POLICY})


def fixed(response: Response) -> Any:
    """An endpoint that always gives the same."""

    async def endpoint(_: Request) -> Response:
        return Response(response.body, headers=dict(response.headers))

    return endpoint


def asset(name: str, media: str) -> Any:
    """An endpoint that gives one file of Swagger UI; read when it is first asked for, as few ever are."""
    held: list[bytes] = []

    async def endpoint(_: Request) -> Response:
        if not held:
            held.append((files("fastapi_offline") / "static" / name).read_bytes())
        return Response(held[0], media_type=media, headers={"Cache-Control": "public, max-age=3600"})

    return endpoint


def asyncapi_html(bus: Mapping[str, Any]) -> str:
    """The document of the bus as one page: each channel with its messages and schema."""
    schemas = bus["components"]["schemas"]
    parts = [
        f"<h2 id='{escape(name)}'>{escape(name)}</h2>{kept(channel)}"
        + "".join(message_html(one, schemas) for one in channel["messages"].values())
        for name, channel in bus["channels"].items()
    ]
    links = "".join(f"<li><a href='#{escape(name)}'>{escape(name)}</a></li>" for name in bus["channels"])
    info = bus["info"]
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f"<title>{escape(info['title'])}</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['description'])}</p>"
        f"<p><a href='asyncapi.json'>asyncapi.json</a></p><ul>{links}</ul>"
        f"{''.join(parts)}</body></html>"
    )


def kept(channel: Mapping[str, Any]) -> str:
    """Where a channel is kept."""
    stream = channel.get("x-jetstream")
    return f"<p>Kept in {escape(stream['stream'])}.</p>" if stream else "<p>Core NATS: not kept.</p>"


def message_html(message: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """One message with its schema."""
    schema = schemas[message["payload"]["$ref"].rpartition("/")[2]]
    text = orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode()
    return (
        f"<h3>{escape(message['name'])}</h3><p>{escape(message['summary'])}</p>"
        f"<details><summary>schema</summary><pre>{escape(text)}</pre></details>"
    )
