"""Published findings, played in stores of the kind they were made in, and compared."""
