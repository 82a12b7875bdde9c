x=1234567; while [[ $x =~ ^([0-9]+)([0-9]{3})(.*)$ ]]; do x="${BASH_REMATCH[1]},${BASH_REMATCH[2]}${BASH_REMATCH[3]}"; done; echo $x
