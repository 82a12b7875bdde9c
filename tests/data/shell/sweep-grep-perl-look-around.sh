cat > f <<'E'
10.0.0.1 - - [10/Oct/2023:13:55:36 +0000] "GET /a?x=1 HTTP/1.1" 200 key=one;key=two
price: 12.50 EUR, price: 7 USD
foobar foobaz barfoo
user=alice pass=secret
E
grep -oP '(?<=\[)[^:]+:\d\d:\d\d' f
grep -oP '(?<=key=)\w+' f
grep -oP 'key=\K\w+' f
grep -oP '\d+(?= USD)' f
grep -oP '(?<!bar)foo\w+' f
grep -oP '(?<=user=)\w+(?= pass)' f
grep -P 'foo(?=baz)' f
grep -cP '(?!x)u' f
grep -oP '"\K[A-Z]+(?= /)' f
grep -oP '\d+(?!\d|\.)' f
grep -vP '(?<=price: )\d' f | wc -l
echo 'aaa' | grep -oP 'a(?=a)' | wc -l
echo 'x1y22' | grep -oP '(?<=[a-z])\d+'
