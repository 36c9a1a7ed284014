"""The bus, as the gateway needs it."""
