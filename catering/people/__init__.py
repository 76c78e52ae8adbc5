"""Who uses the platform and what each may see."""
