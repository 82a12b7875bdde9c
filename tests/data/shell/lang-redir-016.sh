exec > f; echo hidden; exec >/dev/tty 2>/dev/null || true; echo hidden2; exec 1>&2; cat f >&2
