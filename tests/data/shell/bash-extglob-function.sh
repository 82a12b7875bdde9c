f() { shopt -s extglob; eval 'echo ${1//+([0-9])/N}'; }
f a123b45
