t() { test "$@"; echo "$* -> $?"; }
t '(' = ')'
t 1 -eq 1 -a '(' = ')'
t 1 -eq 2 -o '(' x ')'
t 1 -eq 1 -a '(' '' ')'
t '(' 1 -eq 1 ')' -a '(' a = a ')'
t ! '(' x ')'
t '(' -n x ')'
t -t word
t -t 98765432109
[ -t 77 ]; echo $?
t -v BASHOPTS
t -v SHELLOPTS
t -v PWD
t -v nothing_of_this_name
