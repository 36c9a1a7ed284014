"""The bus of Jade: events and their delivery, and the plumbing every service shares."""
