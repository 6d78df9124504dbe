{## None. -##}
