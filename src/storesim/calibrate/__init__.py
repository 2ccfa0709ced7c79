"""From the user's own points of sale to the files of a scenario: `storesim calibrate`."""
