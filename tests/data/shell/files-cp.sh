echo 1 > a; cp a b; cat b; mkdir d; cp a b d; ls d; cp d e; echo $?; cp -r d e; ls e; cp -r d e; find e | sort; cp -v a z; cp -rv d v; cp nosuch x; echo $?; cp a a; echo $?; cp a nodir/x; cp a newdir/; cp a b nosuch; cp -r d d/sub; echo $?; cp; cp a
# compare: stderr
