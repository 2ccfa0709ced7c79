"""The tests: a package, since another one of this name comes with ciw."""
