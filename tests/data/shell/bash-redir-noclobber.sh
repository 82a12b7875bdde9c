# compare: stderr
set -o noclobber
echo a > f; echo b > f; echo $?
echo c >| f; cat f
echo d >> f; cat f
echo e 2> f; echo $?
set +C; echo g > f; cat f
