"""Measurements; they are no tests and run by hand."""
