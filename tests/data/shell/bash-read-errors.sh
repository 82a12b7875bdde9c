# compare: stderr
read 1bad <<< x; echo $?
read -q <<< x; echo $?
read -n x y <<< x; echo $?
readonly ro=1; read ro <<< 2; echo $?
read -u 9 x; echo $?
