trap 'echo got int' INT
kill -INT $$
echo after
trap 'echo got term; exit 9' TERM
kill -TERM $$
echo not reached
