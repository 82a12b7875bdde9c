echo "${x:-"a b"}"
