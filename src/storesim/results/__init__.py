"""Event log -> responses and tables; paired comparison; the tables of the run directory."""
