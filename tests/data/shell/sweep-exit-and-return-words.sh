# compare: stderr
(exit 300); echo $?; (exit -1); echo $?; (exit abc); echo $?; bash -c 'exit 1 2'; echo $?; f() { return 256; }; f; echo $?; f() { return abc; }; f; echo $?; return 3; echo $?; false; (exit); echo $?; bash -c 'false; exit'; echo $?; exit 7; echo no
