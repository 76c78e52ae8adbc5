"""Papers of the trade as PDF, and the file of a buyer for a control: what is printed of the trade."""
