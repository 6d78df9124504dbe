{## None: the bounds say it. -##}
