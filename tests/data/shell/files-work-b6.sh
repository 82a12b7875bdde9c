cat > s.sh <<'X'
#!/bin/bash
echo "$0 $# $1"
exit 3
X
./s.sh; echo $?; chmod u+x s.sh; ./s.sh a b; echo $?; bash s.sh; cp s.sh t.sh; ./t.sh | sed 's/t.sh/T/'; chmod 644 t.sh; ./t.sh; echo $?; mkdir d; ./d; echo $?; nosuch; echo $?; ./nosuch; echo $?; . ./t.sh; echo unreachable
