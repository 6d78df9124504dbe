"""The stress harness: seeded writers and faults beside the flagship migration, and a shadow of it all."""
