f() { trap 'echo ret' RETURN; echo body; }
f
f2() { echo two; }; f2
set -T
trap 'echo "D:$BASH_COMMAND"' DEBUG
x=1
echo $x
trap - DEBUG
