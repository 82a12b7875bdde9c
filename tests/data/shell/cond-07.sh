touch f; [ -f f ] && [ -e f ] && [ ! -d f ] && echo ok
