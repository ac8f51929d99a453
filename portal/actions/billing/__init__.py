"""Billing: what an account is to be billed, and the documents of that."""
