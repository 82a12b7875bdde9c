[ ! -f nope ] && echo none
