v='[\f]'; y='\f'
echo "${v/$y/_} ${v/"$y"/_} ${v/\\f/_}"
[[ f == $y ]]; echo $?
[[ '\f' == "$y" ]]; echo $?
case '*' in $(echo '\*')) echo star;; *) echo other;; esac
p='\*'; echo "${v#$p}" "${y##*$p}"; x='a*b'; echo "${x#*$p}" "${x/$p/-}"
touch aXb a1b; g='a\X*'; echo $g
HOME=/home/me; way=/home/me/src
echo "${way/~/H}" "${way//~/H}" "${way#~}"
