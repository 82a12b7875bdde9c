# compare: stderr
printf '%d\n' abc; echo $?
printf '%d %d\n' 3x 4; echo $?
printf '%z\n' 1; echo $?
printf; echo $?
printf '%d\n' 99999999999999999999; echo $?
