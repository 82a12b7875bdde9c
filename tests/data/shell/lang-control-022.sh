cat > lib.sh <<'X'
lib_var=1
lib_f() { echo "lib $1"; }
echo "args: $@ $#"
return 3
echo unreachable
X
. ./lib.sh; echo $?; source lib.sh p q; echo $? $lib_var; lib_f x; set -- o1; . ./lib.sh; . ./lib.sh n1; echo $1; . ./nofile.sh; echo $?; echo next; echo 'exit 4' > e.sh; (. ./e.sh; echo no); echo $?
