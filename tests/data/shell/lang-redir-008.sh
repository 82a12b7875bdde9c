f() { echo fo; echo fe >&2; }; f > o 2> e; cat o e; f &> both; sort both; f &>> both; sort both | uniq -c | sed 's/^ *//'; f >o 2>&1; cat o; f 2>&1 >o | cat; f >& o; wc -l < o
