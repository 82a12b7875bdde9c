shopt -s extglob; x=aaabbb; echo ${x##+(a)} ${x%%+(b)} ${x/+(a)/x} ${x//@(a|b)/y} ${x#!(b)} ${x##*(a)}; y='  sp '; echo "[${y##*( )}]" "[${y%%+([[:space:]])}]"
