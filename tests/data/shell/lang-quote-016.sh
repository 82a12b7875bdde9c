set --; for i in "$@"; do echo "<$i>"; done; for i in "$*"; do echo "<$i>"; done; for i in "$@$@"; do echo "($i)"; done; for i in "a$@"; do echo "($i)"; done
