# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_load_balancers

import data.lib.kubernetes as k8s

default internal_annotations := [
	"networking.gke.io/load-balancer-type=Internal",
	"cloud.google.com/load-balancer-type=Internal",
	"service.beta.kubernetes.io/aws-load-balancer-scheme=internal",
	"service.beta.kubernetes.io/aws-load-balancer-internal=true",
	"service.beta.kubernetes.io/azure-load-balancer-internal=true",
	"service.beta.kubernetes.io/openstack-internal-load-balancer=true",
	"service.beta.kubernetes.io/oci-load-balancer-internal=true",
	"service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type=private",
	"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type=intranet",
]

internal_annotations := input.parameters.internalAnnotations if is_array(input.parameters.internalAnnotations)

violation contains {"msg": msg, "details": {"path": "/spec/type"}} if {
	k8s.group_kind == "Service"
	type := k8s.resource.spec.type

	# Kubernetes reads an empty type as ClusterIP.
	not type in {"ClusterIP", "NodePort", "ExternalName", "", null}
	not kept_internal
	msg := sprintf(
		"%s asks for a public load balancer: spec.type is %v and no annotation makes it internal",
		[k8s.label, type],
	)
}

kept_internal if {
	some name, value in k8s.annotations
	is_string(value)
	concat("=", [name, value]) in internal_annotations
}
