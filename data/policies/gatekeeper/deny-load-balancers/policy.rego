# METADATA
# title: Deny public load balancers
# description: A Service of type `LoadBalancer` must carry an annotation that keeps its load balancer internal.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer
#     description: Service, internal load balancer
# custom:
#   id: deny-load-balancers
#   kind: JadeDenyLoadBalancers
#   severity: medium
#   severity_reason: It puts the Service on the internet; what stands behind it may still be sound.
#   reliability: medium
#   tags: [nsa:network, mitre:T1190, service, network]
#   features: [service.type=LoadBalancer]
#   kinds: [Service]
#   rationale: >-
#     Most clouds give a Service of type LoadBalancer a public address unless an annotation says otherwise. Each one is a
#     way into the cluster of its own, past the ingress with its certificates, limits and logs, and costs money besides.
#     A cluster that sits in a private network, or whose classes of load balancers are internal, cannot be told from one
#     that does not, hence the reliability.
#   parameters:
#     internalAnnotations:
#       type: array
#       items: {type: string}
#       default:
#         - networking.gke.io/load-balancer-type=Internal
#         - cloud.google.com/load-balancer-type=Internal
#         - service.beta.kubernetes.io/aws-load-balancer-scheme=internal
#         - service.beta.kubernetes.io/aws-load-balancer-internal=true
#         - service.beta.kubernetes.io/azure-load-balancer-internal=true
#         - service.beta.kubernetes.io/openstack-internal-load-balancer=true
#         - service.beta.kubernetes.io/oci-load-balancer-internal=true
#         - service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type=private
#         - service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type=intranet
#       description: Annotations that mark an internal load balancer, each as `name=value`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       value: ClusterIP
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Whether anybody outside calls the Service is known only to its owner. For callers in the own network, keep the
#         type and set the cloud's annotation for an internal load balancer instead.
package deny_load_balancers

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
