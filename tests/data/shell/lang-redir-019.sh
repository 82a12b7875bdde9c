x=$(echo out; echo err >&2) 2>/dev/null; echo $x; x=$(ls nofile 2>&1); echo $? ; y=$( { echo a; echo b >&2; } 2>&1 ); echo $y; z=$(exec 2>&1; echo c >&2); echo $z
