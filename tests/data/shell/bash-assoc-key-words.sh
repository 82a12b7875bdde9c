declare -A stock=([apple]=3 [dry plum]=5 [fig]=7 [kiwi]=9)
key=apple
test -v 'stock[$key]'; echo "set: $?"
unset -v 'stock[$key]'
test -v 'stock[$key]'; echo "gone: $?"
unset 'stock["dry plum"]'; echo "${#stock[@]}"
[[ -v stock[$key] ]]; echo $?
[[ -v stock["fig"] ]]; echo $?
key=fig
printf -v 'stock[$key]' '%03d' 8; echo "${stock[fig]}"
printf -v "stock[lime]" %s 1; echo "${stock[lime]}"
declare -n ref='stock[$key]'
echo "ref $ref"; ref=77; echo "${stock[fig]} ${#stock[@]}"
unset -n ref
way='stock["fig"]'; echo "${!way}"
way='stock[$key]'; echo "${!way} ${!way:-none}"
key=kiwi; echo "${!way}"
(( stock['fig'] += 3, stock["fig"]++ )); echo "${stock[fig]}"
list=(a b c d); i=1
unset 'list[$i]' 'list[i+1]'; declare -p list
at='list[$((i+2))]'; echo "${!at}"
at='list[$(echo 0)]'; echo "${!at}"
declare -A keyed=([one]={a,b} [two]=~)
echo "${keyed[one]} ${keyed[two]}"
words=([0]={x,y} z); declare -p words
plain=([1]=q{,}); declare -p plain
