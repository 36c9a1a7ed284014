package lib.quantities_test

import data.lib.quantities

test_cpu_is_in_millicores if {
	every quantity, millicores in {
		"1": 1000,
		"500m": 500,
		"0.1": 100,
		".25": 250,
		"1.": 1000,
		"+2": 2000,
		"-1": -1000,
		"0": 0,
		"1e-1": 100,
		"1500000u": 1500,
		"250000000n": 250,
		"2k": 2000000,
	} {
		quantities.cpu(quantity) == millicores
	}
	quantities.cpu(2) == 2000
	quantities.cpu(0.1) == 100
	quantities.cpu(0.1) == quantities.cpu("100m")
	quantities.cpu("0.3") == quantities.cpu("300m")
}

test_bytes if {
	every quantity, bytes in {
		"128974848": 128974848,
		"129e6": 129000000,
		"129E6": 129000000,
		"1E+3": 1000,
		"129M": 129000000,
		"123Mi": 128974848,
		"1.5Gi": 1610612736,
		"1Ki": 1024,
		"1k": 1000,
		"1G": 1000000000,
		"1T": 1000000000000,
		"1Ti": 1099511627776,
		"1P": 1000000000000000,
		"1Pi": 1125899906842624,
		"1E": 1000000000000000000,
		"8Ei": 9223372036854775808,
		"1000m": 1,
	} {
		quantities.bytes(quantity) == bytes
	}
	quantities.bytes(1048576) == quantities.bytes("1Mi")
	quantities.bytes(1e6) == quantities.bytes("1M")
	quantities.bytes("1Gi") > quantities.bytes("1G")
}

test_what_is_no_quantity_is_undefined if {
	every quantity in [
		"", " ", ".", "-", "+", "m", "Ki", "1 Gi", "1gi", "1K", "1KB", "1Mib", "1e", "1e+", "1e999999999", "0x10", "Inf", "NaN",
		"1_000", "1,5", "--1", "1.2.3", null, true, [], {}, ["1"],
	] {
		not quantities.cpu(quantity)
		not quantities.bytes(quantity)
	}
}
