"""Run directory -> figures: what was found, on paper."""
