shopt -s extglob
touch foo.c foo.h bar.c baz.txt foo1 foo12; echo *.@(c|h); echo !(*.c); echo foo?(1); echo foo+([0-9]); echo foo*([0-9]); echo @(foo|bar).c; echo !(foo*|bar*); echo *.!(c); echo +(foo|1); echo ?(x)baz.*
