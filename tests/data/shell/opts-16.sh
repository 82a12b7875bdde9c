cd /; pwd; cd - >/dev/null
