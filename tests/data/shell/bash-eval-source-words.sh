eval -- echo one two
eval -- "a=3; echo \$a"
eval -x echo no 2> /dev/null; echo "bad option: $?"
eval - 2> /dev/null; echo "dash: $?"
mkdir -p lib here
echo 'echo "from lib: $1"' > lib/part
echo 'echo "from here"' > part
PATH=$PWD/lib:$PATH
. part arg
source part other
. ./part
mkdir lib/folder; echo 'echo plain' > folder
. folder
source missing-file 2> /dev/null; echo "missing: $?"
eval -- "$(arr=(x "y z"); declare -p arr)"
printf '<%s>' "${arr[@]}"; echo
