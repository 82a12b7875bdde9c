{ echo a; { echo b; } > f; echo c; } > g; cat f g
f() { echo in; } > h; f; echo out; cat h
for i in 1 2; do echo $i; done > k 2>&1; cat k; { exec 3>&1; echo x >&3; } > m; echo y >&3 2>/dev/null || echo closed; cat m
