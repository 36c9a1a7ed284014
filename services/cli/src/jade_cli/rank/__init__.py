"""``jade rank``: lines in, lines out, nothing but this process and its OPA."""
