a() { b; }; b() { c; }; c() { local i=0; while caller $i; do ((i++)); done | sed 's, [^ ]*/, ,'; }; a
