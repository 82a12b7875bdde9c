a=(); set -- "${a[@]}"; echo $#; set -- "${a[*]}"; echo $#; set -- ${a[@]}; echo $#
