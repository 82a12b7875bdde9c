f() { cat; }; echo x | f; f <<< y; f < <(echo z); g() { read a; echo "g:$a"; } < <(echo fixed); g; h() { echo "to file"; } > hf; h; cat hf
