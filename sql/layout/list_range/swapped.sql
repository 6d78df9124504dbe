{## Nothing. -##}
