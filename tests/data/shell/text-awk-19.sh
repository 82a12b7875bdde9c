printf 'a 1\nb 2\nc 3\n' | awk 'BEGIN{$5="e"; print NF; print $0; $0="x y"; print NF, $2}'
echo "status $?"
