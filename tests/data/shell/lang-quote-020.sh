x="a b"; y=$x; echo "$y"; z=$x$y; echo "$z"; w=~; [ "$w" = "$HOME" ] && echo home; v="~"; echo "$v"; u=a:~:b; echo "$u" | sed "s,$HOME,H,"
