mkdir d; [[ -d d ]] && echo dir
