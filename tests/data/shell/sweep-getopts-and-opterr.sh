# compare: stderr
getopts ab: o -c; echo $? $o; OPTIND=1; getopts ab: o -b; echo $? $o; OPTIND=1; OPTERR=0; getopts a o -z; echo $? $o; getopts; echo $?; getopts a; echo $?
