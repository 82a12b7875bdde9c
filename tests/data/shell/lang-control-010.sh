f() { local x; x=$(false); echo $?; local y=$(false); echo $?; }; f; x=$(exit 3); echo $?; x=$(exit 3) true; echo $?; echo $(exit 4) $?; x=$(exit 5)$(exit 6); echo $?; export q=$(exit 7); echo $?
