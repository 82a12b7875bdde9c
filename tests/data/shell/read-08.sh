printf "a\nb" | while read x || [ -n "$x" ]; do echo $x; done
