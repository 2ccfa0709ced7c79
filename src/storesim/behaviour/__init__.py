"""How customers decide: routes, attention, purchases, checkout choice; every rule a function of numbers."""
