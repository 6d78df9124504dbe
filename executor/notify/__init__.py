"""Tells others how a run goes, and never lets one of them fail it, hold it up, or slow it."""
