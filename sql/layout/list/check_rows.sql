{## None: what has no partition of its own is in the default one. -##}
