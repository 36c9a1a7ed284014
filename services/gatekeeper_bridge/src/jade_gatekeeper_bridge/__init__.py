"""The worker that turns what Gatekeeper writes into findings, failures of policies and latencies."""
