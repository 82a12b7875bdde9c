IFS=:
x=a:b::c:
set -- $x
echo $# ; for i; do echo "<$i>"; done
IFS=': '
x='a : b  c :: d'
set -- $x
echo $#; printf '<%s>' "$@"; echo
