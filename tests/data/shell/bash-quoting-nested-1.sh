x="a b"
echo "${x:-"c d"}" ${y:-"e  f"} "${y:-'g'}" ${y:-'h  i'}
echo "$(echo "$(echo "nested  \"quotes\"")")"
echo "`echo \"back  tick\"`"
echo 'it'\''s' "it's" it\'s
echo "a'b'c" 'a"b"c'
echo "${x/a/"q  r"}"
echo "${x/a/'q'}"
