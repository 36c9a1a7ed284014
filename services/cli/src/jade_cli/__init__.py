"""The ``jade`` command."""
