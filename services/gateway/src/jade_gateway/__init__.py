"""The REST gateway of Jade: questions over HTTP, answered over the bus."""
