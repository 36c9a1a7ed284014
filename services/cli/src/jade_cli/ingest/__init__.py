"""Reports of scanners read here, without a bus: what ingest makes of them, and what it does not."""
