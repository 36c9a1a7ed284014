# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_deprecated_apis

import data.lib.apis
import data.lib.kubernetes as k8s

default minor := 37

minor := apis.minor(input.parameters.kubernetesVersion)

violation contains {"msg": msg, "details": {"path": "/apiVersion"}} if {
	lifecycle := apis.lifecycle
	lifecycle.deprecated <= minor
	minor < lifecycle.removed
	msg := sprintf("%s is of version %s, which Kubernetes 1.%d will not serve", [k8s.label, k8s.resource.apiVersion, lifecycle.removed])
}
