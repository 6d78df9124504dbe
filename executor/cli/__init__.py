"""The command line: a file for verbs that belong together, and how runs are shown while they go on.

The only room that talks to people. Begin with main.py, which says in which file each verb
stands; options.py has the options that several share.
"""
