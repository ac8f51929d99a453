"""What is billed: charges, what of them is billed already, VAT, totals and numbers."""
