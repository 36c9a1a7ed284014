"""The sub-commands of `jade`, one module each."""
