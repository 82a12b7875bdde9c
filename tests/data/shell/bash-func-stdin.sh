f() { local l; while IFS= read -r l; do echo "> $l"; done; }; printf 'a\nb\n' | f; f <<< here; f < <(echo ps); g() { cat; }; echo x | g | g; h() { read a; read b; echo $b$a; }; h <<< $'1\n2'
