x=1; unset x; echo ${x-gone}; f() { :; }; unset -f f; type -t f; a=(1 2 3); unset 'a[1]'; echo ${a[@]} ${#a[@]}
unset a; echo ${#a[@]}; v=1; unset -v v; echo ${v-gone}; unset nope; echo $?
declare -A m=([a]=1 [b]=2); unset 'm[a]'; echo ${!m[@]}; unset m; echo ${m[b]-gone}
g() { local x=1; unset x; echo ${x-unsetlocal}; }; x=glob; g; echo $x
