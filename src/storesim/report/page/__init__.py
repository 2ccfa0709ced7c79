"""Run directory -> one HTML file that opens anywhere, offline."""
