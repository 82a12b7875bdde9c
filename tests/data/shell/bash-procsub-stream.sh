head -2 <(yes)
read x < <(while :; do echo inf; done); echo $x
cat <(sleep 0.1; echo slow) <(echo fast)
