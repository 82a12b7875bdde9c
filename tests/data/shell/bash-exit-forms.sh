f() { return 300; }; f; echo $?
f() { return -1; }; f; echo $?
f() { return; }; false; f; echo $?
f() { false; return; }; f; echo $?
f() { return abc; }; f 2>/dev/null; echo $?
(exit); echo $?; false; (exit); echo $?
bash -c 'false; exit'; echo $?
return 2>/dev/null; echo $?
exit 1 2 2>/dev/null; echo "after $?"
