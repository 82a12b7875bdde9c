set -- -a val -b file1 file2; while getopts "a:bc" o; do case $o in a) echo "a=$OPTARG";; b) echo b;; esac; done; echo $OPTIND; shift $((OPTIND-1)); echo $@
