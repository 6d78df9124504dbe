{## Any table can be one. -##}
