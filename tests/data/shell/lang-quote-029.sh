a='x'; echo "${a:-"b c"}" "${b:-"b  c"}" ${b:-"b  c"} ${b:-b  c} "${b:-'q'}" ${b:-'q r'}
