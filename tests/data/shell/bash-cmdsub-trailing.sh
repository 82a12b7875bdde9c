x=$(printf 'a\n\n\n'); echo "[$x]"; y=$(printf '\n\na'); echo "[$y]"; z="$(printf 'a\n\nb\n')"; echo "$z"
echo "[$(printf ' sp ')]" [$(printf ' sp ')]
n=$(< /dev/null); echo "[$n]"; echo data > f; d=$(<f); echo $d; echo "$(< f)"
