printf 'a 1\nb 2\nc 3\n' | sed -e 's/a/A/' -e 's/b/B/'
echo "status $?"
