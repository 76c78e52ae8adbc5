"""What may be done: weigh, count covers, plan a campaign, write the diagnostic, note what leaves apart."""
