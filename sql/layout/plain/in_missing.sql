{## There are none to be missed. ##}
false