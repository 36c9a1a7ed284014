"""Files, standard input and the bus."""
