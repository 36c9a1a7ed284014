"""What a report says: pure functions and frozen models."""
