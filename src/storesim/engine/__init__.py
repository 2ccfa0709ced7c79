"""SimPy plays one store day and appends facts to the event log."""
