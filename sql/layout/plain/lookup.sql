{## No function finds a partition. -##}
