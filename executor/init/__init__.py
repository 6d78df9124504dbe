"""Looks at a table, says which layouts it can have, and writes a plan for one.

What speaks for a layout, and what it does to keys and statements, is said by SQL: sql/init/ asks
the catalog, and sql/layout/NAME/offer.sql judges. Here is what was chosen, and how it is shown.
"""
