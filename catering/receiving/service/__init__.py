"""Use cases of receiving, a file per verb. Each takes the session of its caller and flushes; nothing commits here."""
