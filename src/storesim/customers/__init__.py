"""Who comes: keyed random streams, and the day's population drawn before the doors open."""
