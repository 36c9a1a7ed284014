# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Names of secrets
# description: What tells by a name that what stands under it is a secret.
# scope: package
package lib.secrets

# The regular expression for names that end in one of a parameter's list of regular expressions, in any case; `_` stands
# for any character that is no letter or digit. Undefined where there is none, or where one is no regular expression.
pattern(endings) := whole if {
	parts := [ending | some ending in endings; is_string(ending); ending != ""]
	count(parts) > 0
	whole := concat("", ["(?i)(?:", replace(concat("|", parts), "_", "[^a-z0-9]"), ")$"])

	# To be matched is to be valid, and what was matched need not be compiled again.
	is_boolean(regex.match(whole, ""))
}
