echo a | tee f | cat; cat f
