f() { echo o; echo e >&2; }
f &> a; cat a; f &>> a; cat a; f >& b; cat b
f 2>&1 >/dev/null | cat
ls nosuch &> /dev/null; echo $?
