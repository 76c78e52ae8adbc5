"""Proofs and photographs as they were sent: certificates, product sheets, pictures, spreadsheets."""
