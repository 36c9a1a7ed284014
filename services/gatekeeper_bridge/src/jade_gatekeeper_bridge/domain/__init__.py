"""What Gatekeeper's lines and objects say: pure functions."""
