echo a > f; echo b >> f; cat < f; cat f f; : > f; wc -c < f; > g; ls g; echo x >| f; cat f; set -C; (echo y > f) 2>/dev/null; echo $?; echo z >| f; cat f; (echo n > new) ; cat new
