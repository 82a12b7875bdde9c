# compare: stderr
hash='#'
declare -n hash; echo "$? [$hash]"
num=1
declare -n num; echo "$? [$num]"
num=word; echo "[$num]"
declare -n left=right right=left
echo "left=[$left]"
left=1; echo "not on this line"
echo "$?"
arr=(x y z)
declare -n elem='arr[1]'
echo "$elem"; elem=Y; echo "${arr[*]}"
elem[0]=no; echo "not on this line"
echo "$? ${arr[*]}"
declare -n calc='arr[$(echo 1) + 1]'
echo "$calc"
