read -a arr <<< "p q r"; echo ${arr[2]} ${#arr[@]}
