# compare: stderr
cat > f <<E
b 2 x
a 10 y
c 1 z
a 9 w
B 3 v
E
sort f; sort -r f; sort -k2 f; sort -k2n f; sort -k2,2nr -k1,1 f; sort -f f; sort -u -k1,1 f; sort -t' ' -k3 f; sort -n -k2 f | tail -1; printf '1.5\n1e3\n-2\n' | sort -g; printf '10K\n2M\n1G\n5\n' | sort -h; printf 'v1.10\nv1.2\nv1.9\n' | sort -V; printf 'Mar\nJan\nFeb\n' | sort -M; sort -c f; echo $?; printf 'a\nb\n' | sort -c; echo $?; sort -o f f; head -1 f; sort -s -k1,1 f; printf 'b\0a\0' | sort -z | tr '\0' '\n'; sort nofile; echo $?; sort -k0 f; echo $?; sort -R f | wc -l; sort --nosuch f; echo $?; sort -b -k2,2 f | head -1; sort -d <<< $'a-b\na c'; sort -t: -k1.2,1.3 <<< $'xab\nyaa'
