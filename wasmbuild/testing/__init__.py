"""Does it do what it should? The manifest's tests, each in a process of its own."""
