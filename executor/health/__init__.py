"""How the partitions of a table are: the questions, the page, and Prometheus' format."""
