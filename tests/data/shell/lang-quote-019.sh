IFS=$' \t\n'; x=$'  a\t\tb\n\nc  '; for i in $x; do echo "<$i>"; done
