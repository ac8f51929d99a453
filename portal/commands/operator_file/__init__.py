"""The file that says what the operator offers: its form, reading it, and making what it wants."""
