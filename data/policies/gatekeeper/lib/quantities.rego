# METADATA
# title: Resource quantities
# description: >-
#   Kubernetes' quantities (`500m`, `1.5Gi`, `2e3`, 0.5) as numbers that compare exactly. What is no quantity is
#   undefined and never an error.
# scope: package
package lib.quantities

# CPU in millicores: 500 for "500m", "0.5" and 0.5. "" is what a parameter without a quantity holds; to know it at once
# is much cheaper than to find that it is none.
cpu(quantity) := times(quantity, 1000) if quantity != ""

# Memory or storage in bytes: 1048576 for "1Mi" and 1048576.
bytes(quantity) := times(quantity, 1) if quantity != ""

# What each suffix multiplies and divides by. Whole numbers, so that nothing is rounded on the way.
suffixes := {
	"": [1, 1],
	"n": [1, 1000000000],
	"u": [1, 1000000],
	"m": [1, 1000],
	"k": [1000, 1],
	"M": [1000000, 1],
	"G": [1000000000, 1],
	"T": [1000000000000, 1],
	"P": [1000000000000000, 1],
	"E": [1000000000000000000, 1],
	"Ki": [1024, 1],
	"Mi": [1048576, 1],
	"Gi": [1073741824, 1],
	"Ti": [1099511627776, 1],
	"Pi": [1125899906842624, 1],
	"Ei": [1152921504606846976, 1],
}

times(quantity, unit) := numerator / denominator if {
	# Exponents of more than two digits are left out: no resource has that many, and a power that large takes long.
	pattern := `^([+-]?)([0-9]+)?(?:\.([0-9]*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?$`
	[[_, sign, whole, fraction, suffix]] := regex.find_all_string_submatch_n(pattern, written(quantity), 1)
	digits := concat("", [whole, fraction])
	digits != ""
	amount := count_of(digits)
	direction := signs[sign]
	[more, less] := factor_of(suffix)
	tens := power(count(fraction))
	signed := amount * direction
	scaled := signed * more
	numerator := scaled * unit
	denominator := tens * less
}

signs := {"": 1, "+": 1, "-": -1}

count_of(digits) := to_number(shown) if {
	shown := trim_left(digits, "0")
	shown != ""
} else := 0

zeros := "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"

# Of ten. Written as digits, since that is a whole number for everybody.
power(exponent) := to_number(concat("", ["1", substring(zeros, 0, exponent)])) if {
	exponent <= count(zeros)
} else := to_number(concat("", ["1e", format_int(exponent, 10)]))

# A number as it was written: 0.1 has no exact value in binary, "0.1" has.
written(quantity) := quantity if is_string(quantity)

written(quantity) := json.marshal(quantity) if is_number(quantity)

factor_of(suffix) := suffixes[suffix]

factor_of(suffix) := [power(count_of(trim_left(exponent, "+"))), 1] if {
	exponent := substring(suffix, 1, -1)
	regex.match(`^\+?[0-9]+$`, exponent)
}

factor_of(suffix) := [1, power(count_of(trim_left(exponent, "-")))] if {
	exponent := substring(suffix, 1, -1)
	regex.match(`^-[0-9]+$`, exponent)
}
