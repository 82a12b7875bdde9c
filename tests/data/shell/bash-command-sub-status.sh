x=$(exit 7); echo $?; echo "$(exit 8)"; echo $?
y=$(echo a; exit 3) z=1; echo $? $y; local_f() { local v=$(exit 5); echo $?; }; local_f
readonly r=$(exit 9); echo $?; export e=$(exit 2); echo $?
: $(exit 4); echo $?; $(exit 6); echo $?; $(echo); echo $?
