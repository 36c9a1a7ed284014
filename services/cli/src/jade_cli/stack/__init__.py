"""The local stack: broker, cache and workers under one supervisor in the background."""

from jade_cli.stack.folder import StackFolder, state_dir
from jade_cli.stack.urls import Urls, current_urls, gateway_url, nats_url

__all__ = ["StackFolder", "Urls", "current_urls", "gateway_url", "nats_url", "state_dir"]
