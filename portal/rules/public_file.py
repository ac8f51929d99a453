"""Where a file of the operator is found by everybody."""

PATH = "/files/"
"""What stands before its id, after the portal's own address."""
