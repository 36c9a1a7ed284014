"""The domain of Jade: Kubernetes resources, policies, the Rego engine, redaction."""
