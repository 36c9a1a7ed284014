# METADATA
# title: Require DNS options
# description: Every pod that asks the cluster's DNS must set the resolver option `ndots` to 2.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config
#     description: A pod's DNS config
#   - ref: https://man7.org/linux/man-pages/man5/resolv.conf.5.html
#     description: The options of the resolver
# custom:
#   id: require-dns-options
#   kind: JadeRequireDnsOptions
#   severity: info
#   severity_reason: Look-ups are slower and DNS is busier than they need be; nothing fails.
#   reliability: medium
#   tags: [network, dns]
#   features: [dnsConfig.options.missing=true]
#   kinds: [workloads]
#   rationale: >-
#     A pod starts with `ndots:5`, so a name with fewer than five dots is tried with every search domain of the cluster
#     first: `api.example.com` costs three or more queries that fail, each for both address families. With 2, names
#     outside are asked at once, and `orders.shop` still finds its Service. Images with musl (Alpine) must then write
#     names such as `orders.shop.svc` in full, hence the reliability. Pods that use their node's resolver or one of
#     their own are left alone.
#   parameters:
#     options:
#       type: object
#       additionalProperties: {type: string}
#       default: {ndots: "2"}
#       description: Options that `dnsConfig` must set, each with the value that it must have.
#   remediation:
#     - path: "{pod_spec}/dnsConfig/options"
#       operation: add-item
#       value: {name: ndots, value: "2"}
#       behaviour_changing: true
#       needs_human: false
#       note: The last entry of a name wins, so an older one may stay. With other options required, add those.
package require_dns_options

import data.lib.kubernetes as k8s

default required := {"ndots": "2"}

required := input.parameters.options if is_object(input.parameters.options)

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	not other_resolver
	some name, value in required
	object.get(settings, name, null) != value
	msg := sprintf("%s does not set DNS option %s to %v", [k8s.label, name, value])
	path := concat("/", [k8s.pod_spec_pointer, "dnsConfig/options"])
}

# What the resolver gets: of several entries with one name, the kubelet takes the last.
settings[name] := value if {
	options := k8s.pod_spec.dnsConfig.options
	is_array(options)
	some index, option in options
	name := option.name
	later := [other | some at, other in options; at > index; other.name == name]
	count(later) == 0
	value := object.get(option, "value", null)
}

other_resolver if k8s.pod_spec.dnsPolicy in {"Default", "None"}

# On the node's network, ClusterFirst means the node's resolver.
other_resolver if {
	k8s.pod_spec.hostNetwork == true
	object.get(k8s.pod_spec, "dnsPolicy", null) in {null, "", "ClusterFirst"}
}
