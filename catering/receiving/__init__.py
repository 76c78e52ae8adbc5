"""What arrives: receptions, the stock of each kitchen, credits and invoices."""
