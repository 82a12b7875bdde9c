# compare: stderr
x=1; unset x; echo ${x-u}; f() { :; }; unset f; type f 2>&1 | head -1; unset -f nof; echo $?; unset nov; echo $?; a=(1 2 3); unset a[1]; echo "${a[@]}"; unset a; echo ${#a[@]}; unset 1x; echo $?; unset -v HOME; echo ${HOME-none}; unset -x; echo $?; x=v; x() { echo fn; }; unset x; x; unset x; x; echo $?
