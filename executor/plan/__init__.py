"""A plan file, read, checked as a whole and turned into values."""
