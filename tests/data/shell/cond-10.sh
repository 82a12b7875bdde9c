[[ b > a ]]; echo $?
