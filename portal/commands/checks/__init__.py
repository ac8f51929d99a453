"""What ``portal doctor`` looks at: one function for each check, in a module of its own."""
