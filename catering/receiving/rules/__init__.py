"""Pure decisions of receiving: what may be accepted, what it costs, which lot first, what an invoice says."""
