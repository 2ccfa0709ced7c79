"""What is text in a run's tables, whatever it looks like, for those who read them back."""

TEXT_COLUMNS = (
    "variant", "response", "unit", "verdict", "zone", "fixture", "product", "checkout", "hour",
    "promotion", "scope", "category", "measure", "period", "says", "cause", "name", "moved_by",
    "swept", "setting", "job", "counter", "tier", "segment",
)  # fmt: skip
GUARD = r"^'(?=[=+\-@\t\r])"
"""What keeps spreadsheets from taking a user's name for a formula; no part of the name."""
