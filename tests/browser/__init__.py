"""What people see in a real browser: `make browser` gets one, `make browser-test` looks."""
