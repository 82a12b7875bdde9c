e=; printf "<%s>" $e "$e" x; echo
