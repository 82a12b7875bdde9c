cat <(sleep 0.1; echo a)
: > >(sleep 0.1; echo late >> f); wait $!; cat f
