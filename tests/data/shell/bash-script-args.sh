cat > s.sh <<'S'
echo "$0 $# $1 ${2-none}"; echo "$*"; shift; echo "$@"
S
bash s.sh a b c; bash ./s.sh; bash -c 'echo $0 $1' name arg; bash -s x y <<< 'echo $1 $2 $#'; chmod +x s.sh; ./s.sh q
printf '#!/bin/bash\necho shebang $1\nexit 4\n' > t; chmod +x t; ./t z; echo $?; PATH=.:$PATH t y
echo 'echo $0' > u; bash u; bash < u; cat u | bash; bash -c "$(cat u)"
