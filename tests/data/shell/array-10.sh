declare -a e=(); echo ${#e[@]} "${e[@]}" end
