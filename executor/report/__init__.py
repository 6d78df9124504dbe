"""What a run has done, as one HTML page.

It reads the journal, the catalogs and the registry of backups in one snapshot, renders the plan's
SQL anew, and changes nothing. Begin with evidence.py (what is read) and report.html (the page).
"""
