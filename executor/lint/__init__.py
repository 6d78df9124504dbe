"""What is better done otherwise in a plan, though it is valid: rules of our own, and squawk's.

Without a server. Begin with remarks.py (what a remark is), then rules.py.
"""
