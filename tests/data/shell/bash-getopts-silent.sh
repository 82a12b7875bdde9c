f() { OPTIND=1; while getopts ':ab:' o; do case $o in \?) echo "bad $OPTARG";; :) echo "miss $OPTARG";; *) echo "$o=$OPTARG";; esac; done; }
f -x -a -b; f -b 1 -ab2
OPTERR=0; OPTIND=1; set -- -q; getopts a o; echo "$o $?"
