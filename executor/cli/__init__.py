"""The command line: one file for each command, and how runs are shown while they go on.

The only room that talks to people. Begin with main.py, which has the commands, and the file that
bears the command's name; options.py has the options that several share.
"""
