"""What was billed: documents, the days that their lines carry, and the runs that issue them."""
