x=y; y=z; z=end
echo ${!x} ${!y}
r=a[1]; a=(p q r); echo ${!r}
r='a[@]'; echo "${!r}"
set -- first second; i=2; echo ${!i} ${!#}
n=undefd; echo "[${!n:-dflt}]"
