set -e; tmp=$(mktemp -d); trap 'rm -rf "$tmp"; echo cleaned' EXIT; echo data > "$tmp/x"; cp "$tmp/x" ./x; cat x; [ -d "$tmp" ] && echo exists; false; echo never
