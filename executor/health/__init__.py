"""How the partitions of a table are: what is asked, the page, and the format of Prometheus.

It works for any partitioned table, whoever made it. A check is a template in sql/health/ and its
judgement in checks.py. prometheus.py tells of runs in that format, too.
"""
