"""What the command line does on the bus: reports go out, recommendations come in."""
