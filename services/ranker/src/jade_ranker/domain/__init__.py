"""How policies are ranked: pure functions and frozen models."""
