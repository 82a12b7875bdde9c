echo ~ | grep -c /work
echo ~root ~nosuchuser ~/x "~" '~' a~ ~+ | sed "s,$HOME,H,g"
x=~/a:~/b; echo $x | sed "s,$HOME,H,g"
PATH=~/bin:$PATH; echo ${PATH%%:*} | sed "s,$HOME,H,g"
y="~"; echo $y; echo ${z:-~} | sed "s,$HOME,H,g"
HOME=/foo; echo ~ ~/bar; unset HOME; echo ~ | head -c 1; echo
cd /tmp; cd /; echo ~-
a=(~ ~/q); echo ${#a[@]}
echo --opt=~/x a=~/y | sed "s,$HOME,H,g"
