"""Plays a scenario: variants times replications on an executor, into a run directory."""
