printf '%s\n' "" '' "a""" ''b
set -- "" '' x; echo $#
