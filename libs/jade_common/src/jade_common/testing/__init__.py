"""What the tests of every service use: real servers, and fakes that are held to the contract of the real part."""
