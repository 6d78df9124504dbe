"""A plan and its values as SQL text. Pure."""
