unset x; echo "[${x}]" "[$x]" [$x]; set -- $x; echo $#; set -- "$x"; echo $#
