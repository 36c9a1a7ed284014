# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Required labels and annotations
# description: Which keys a parameter asks for, and whether a value is one that it wants.
# scope: package
package lib.required

# What a parameter's list asks for, as {"key": "owner", "pattern": "[a-z]+"}; no pattern is null.
keys(entries) := {entry |
	some given in entries
	key := object.get(given, "key", null)
	is_string(key)
	entry := {"key": key, "pattern": object.get(given, "pattern", null)}
}

# Whether a value is there and what the pattern wants, all of it. A pattern that is none is met by nothing.
met(value, pattern) if {
	is_string(value)
	trim_space(value) != ""
	pattern == null
}

met(value, pattern) if {
	is_string(value)
	trim_space(value) != ""
	is_string(pattern)
	regex.is_valid(pattern)
	regex.match(concat("", ["^(?:", pattern, ")$"]), value)
}

# What a message adds for a key whose value matters.
wish(entry) := "" if entry.pattern == null

wish(entry) := sprintf(" that matches %v", [entry.pattern]) if entry.pattern != null
