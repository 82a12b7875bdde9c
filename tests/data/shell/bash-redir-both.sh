f() { echo o; echo e >&2; }
f &> a; cat a; f &>> a; cat a; f >& b; cat b
f 2>&1 >/dev/null | cat
f > >(sed 's/^/O:/') 2>/dev/null; sleep 0.1
ls nosuch &> /dev/null; echo $?
