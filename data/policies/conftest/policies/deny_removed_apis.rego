# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_removed_apis

import data.lib.apis
import data.lib.kubernetes as k8s

default minor := 37

minor := apis.minor(input.parameters.kubernetesVersion)

violation contains {"msg": msg, "details": {"path": "/apiVersion"}} if {
	removed := apis.lifecycle.removed
	removed <= minor
	msg := sprintf("%s is of version %s, which Kubernetes 1.%d and later do not serve", [k8s.label, k8s.resource.apiVersion, removed])
}
