echo aab | grep -oE '(a*)(ab)*'
echo xyz | sed -E 's/x|xy|xyz/[&]/'
echo foobar | awk '{sub(/foo|foobar/,"-"); print}'
