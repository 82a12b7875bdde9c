look() { echo "$1: status=$2 opt=$opt OPTARG=${OPTARG-unset} OPTIND=$OPTIND"; }
getopts n: opt -n5; look first $?
getopts n: opt -n5; look end $?
set -- -a -b val rest
while getopts ab: opt; do look loop 0; done
look after $?
set --
getopts ab: opt; look empty $?
set -- -b
OPTIND=1
getopts ab: opt 2> /dev/null; look missing $?
OPTIND=1
getopts ab: bad-name -a 2> /dev/null; echo "bad name: $?"
getopts 2> /dev/null; echo "nothing: $?"
