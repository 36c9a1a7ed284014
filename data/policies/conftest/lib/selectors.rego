# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Label selectors
# description: Kubernetes' label selectors (matchLabels and matchExpressions) over a set of labels.
# scope: package
package lib.selectors

# Whether `selector` selects an object with `labels`. A selector that is empty or null selects everything, as in
# Kubernetes; one that is not well formed selects nothing.
selects(selector, labels) if {
	requirements := unless_null(selector, {})
	is_object(requirements)
	match_labels := unless_null(object.get(requirements, "matchLabels", null), {})
	is_object(match_labels)
	every key, value in match_labels {
		labels[key] == value
	}
	expressions := unless_null(object.get(requirements, "matchExpressions", null), [])
	is_array(expressions)
	every expression in expressions {
		holds(expression, labels)
	}
}

holds(expression, labels) if {
	expression.operator == "In"
	labels[expression.key] in expression.values
}

holds(expression, labels) if {
	expression.operator == "NotIn"
	is_string(expression.key)
	is_array(expression.values)
	not object.get(labels, expression.key, null) in expression.values
}

holds(expression, labels) if {
	expression.operator == "Exists"
	_ = labels[expression.key]
}

holds(expression, labels) if {
	expression.operator == "DoesNotExist"
	is_string(expression.key)
	not has(labels, expression.key)
}

unless_null(value, _) := value if value != null

unless_null(null, fallback) := fallback

has(labels, key) if _ = labels[key]
