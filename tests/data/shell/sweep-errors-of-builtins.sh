# compare: stderr
a b c; f() {
  nosuch2
}
f
x=5; x[0]=1; 1x=3; echo $?
echo ${x!}
echo ${x@Z}
echo next
let; echo $?
declare -i; local q; 
kill; echo $?; kill 999999; echo $?; kill -l 99; echo $?; kill -BAD $$; echo $?
wait %5; echo $?; fg; echo $?; bg; echo $?; jobs %3; echo $?; disown; echo $?; 
umask; umask 022; umask -S; umask 999; echo $?
ulimit -n nosuch; echo $?; 
history | head -1; times | wc -l; help nosuch; echo $?; enable nosuch; echo $?; 
printf '%d\n' 3x; echo $?; printf -v 1x a; echo $?; read -q; echo $?; echo -z; test 1 2 3 4 5; echo $?; unalias zz; echo $?; break; continue; return; exec 9<nosuch; echo $?; source /; echo $?; shopt nosuch; echo $?; shopt -s nosuch; echo $?; set -o nosuch; echo $?; set -Z; echo $?; export -z; echo $?; hash nosuch; echo $?; trap x BADSIG; echo $?; getopts; type; bind -l >/dev/null; mapfile -n x a </dev/null; echo $?; 
