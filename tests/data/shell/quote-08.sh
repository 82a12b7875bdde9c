printf "[%s]" "" a "b c"; echo
