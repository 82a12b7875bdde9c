echo "a" >&1 | cat; echo b 1>&2 2>/dev/null; echo c 2>&1; echo "1" 1> f1 ; cat f1; echo 2>f2; cat f2; echo 2 >f2; cat f2; echo x2>f3; cat f3; echo x 2>f4; cat f4
