find nosuch; echo $?; find . -foo; echo $?; find . -name; echo $?; find . -type x; echo $?; find . -maxdepth x; find a b -name c; touch f; find f; find . '(' -name a; find . -name a -o; find . -size x
# compare: stderr
