"""What the gateway decides, without I/O: who may ask, how often, and what a question is."""
