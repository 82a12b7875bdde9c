set -e
f() { echo start; false; echo end; }
if f; then echo t; fi
x=$(f; echo more) ; echo "[$x]"
shopt -s inherit_errexit
y=$(echo q; false; echo r) || echo "y=$y"
z=$(false; echo r)
echo never
