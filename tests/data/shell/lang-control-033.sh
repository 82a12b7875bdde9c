trap 'echo dbg: $BASH_COMMAND' DEBUG; x=1; echo hi $x; for i in 1 2; do :; done; [ 1 = 1 ] && true; trap - DEBUG; echo off
