echo "  keep  spaces  " | { read; echo "[$REPLY]"; }
echo "  keep  spaces  " | { read x; echo "[$x]"; }
echo "  keep  " | { IFS= read x; echo "[$x]"; }
read -p 'prompt> ' x <<< in; echo $x
read -u 3 v 3<<< fd3; echo $v
