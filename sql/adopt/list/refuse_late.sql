{## Values come when they come: there is no time that the bound could be too near in. -##}
