x=g
f() { local x=l; echo $x; unset x; echo ${x-unset}; x=again; echo $x; }
f; echo $x
g() { declare -g y=glob; local z; z=1; echo "${z}"; }; g; echo $y ${z-none}
h() { local a b=2 c; echo "[$a][$b]"; local -r r=1; r=2; }; h 2>/dev/null; echo $?
i() { local IFS=,; local arr=(1 2 3); echo "${arr[*]}"; }; i; a=(1 2); echo "${a[*]}"
j() { x=mod; }; j; echo $x; (x=sub; echo $x); echo $x
local q 2>/dev/null; echo $?
