"""What a plan would do to a real table, for those who sign for it, and whether it is still that.

Begin with kinds.py (which statement takes which lock), content.py (what a review says) and bound.py
(the digest by which a run is bound to it).
"""
