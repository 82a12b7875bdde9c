t() { case $1 in a) echo A;& b) echo B;; c) echo C;;& [a-d]) echo cd;;& *) echo star;; esac; }
for i in a b c d e; do echo "-- $i"; t $i; done
