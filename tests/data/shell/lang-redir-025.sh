for f in a b; do echo $f > $f.t; done; cat *.t; f='x y'; echo 1 > "$f"; cat "x y"; echo 2 > $f; echo $?; g='*.t'; echo 3 > $g; echo $?
