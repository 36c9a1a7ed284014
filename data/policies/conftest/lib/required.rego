# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Required labels and annotations
# description: Whether a label or an annotation is one that a parameter wants.
# scope: package
package lib.required

# Whether a value is there and what an entry such as {"key": "owner", "pattern": "[a-z]+"} wants: where it says a
# pattern, all of the value must match. A pattern that is none is met by nothing.
met(value, entry) if {
	is_string(value)
	trim_space(value) != ""
	fits(value, object.get(entry, "pattern", null))
}

fits(_, null)

fits(value, pattern) if {
	is_string(pattern)
	regex.is_valid(pattern)
	regex.match(concat("", ["^(?:", pattern, ")$"]), value)
}

# What a message adds for a key whose value matters.
wish(entry) := sprintf(" that matches %v", [entry.pattern]) if {
	entry.pattern != null
} else := ""
