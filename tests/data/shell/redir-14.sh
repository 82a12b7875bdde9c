cat <(echo a) <(echo b)
