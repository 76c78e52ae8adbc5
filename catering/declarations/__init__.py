"""What is declared to the State of a year of purchases, and what diners and the public are told of it."""
