bash -c 'echo "$0|$1|$#"' a b c; bash -c "echo \$((1+1)) '\$HOME'"; x=outer bash -c 'echo $x'; bash -c 'f() { echo $1; }; f arg'; bash -c 'exit 3' || echo $?; echo 'echo from stdin $1' | bash -s -- p; bash -c 'echo $BASH_SUBSHELL $SHLVL' | cut -c1; bash <<< 'echo hs'; bash <<'E'
x=1
echo $((x+1))
E
sh -c 'echo sh'; bash -c 'set -- "$@" z; echo $#' q 1 2
