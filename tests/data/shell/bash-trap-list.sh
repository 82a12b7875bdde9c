# compare: stderr
trap 'echo x' EXIT INT
trap 'it'"'"'s' USR1
trap -p
trap -p INT
trap '' TERM
trap
trap - EXIT INT TERM USR1
trap
trap 'x' NOSUCH; echo $?
