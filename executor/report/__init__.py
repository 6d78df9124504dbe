"""What a run has done, as one HTML page."""
