# compare: stderr
f() { OPTIND=1; while getopts 'ab:' o; do echo "[$o] [$OPTARG]"; done; echo $?; }
f -x
f -b
f -a -z -b q
