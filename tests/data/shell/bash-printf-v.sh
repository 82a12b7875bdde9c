printf -v x '%05d|%-5s|%x' 42 ab 255; echo "$x"
printf -v 'a[2]' %s elem; echo ${a[2]} ${!a[@]}
declare -A m; printf -v 'm[k y]' '%q' 'a b'; echo "${m[k y]}"
printf -v y '%s\n' 1 2 3; echo "$y"
