cb() { echo "cb $1 [$2]"; }
mapfile -t -C cb -c 2 X < <(seq 5)
echo ${X[@]}
mapfile < <(printf 'x\ny'); echo ${#MAPFILE[@]} "${MAPFILE[1]}"
