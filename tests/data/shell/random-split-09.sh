printf 'pear 3\napple 12\nfig 7\napple 12\nBanana 1\nkiwi 10\nfig 07\n\ncherry -5\nApple 2\n' > a
printf 'one\ntwo\nthree' > nofinal
: > empty
printf 'alpha beta\r\ngamma\r\n\r\ndelta' > crlf
printf 'héllo wörld\n한국어 text\nnaïve café\nplain\n' > utf8
printf 'x\0y\0\0z\n' > nul
printf '%0300d\nshort\n' 7 > long
printf '10\n9\n-3\n2.5\n0\n007\n1e3\n-0.5\n 42\n\nabc\n1K\n2M\n512\n3G\n' > nums
printf '  two  spaces\n\tone tab\na\tb\tc\n\n\n   \nend  \n' > sp
printf 'id,name,qty\n3,bolt,40\n1,nut,,\n2,"washer, flat",7\n,,\n' > t.csv
printf '10:00:01 INFO web start pid=12\n10:00:02 WARN db slow 350ms\n10:00:02 ERROR web timeout after 30s\n10:00:05 INFO db ok\n10:00:09 ERROR db refused [111]\n' > log
printf '1 ab\n2 bc\n2 cd\n4 de\n7 ef\n' > s1
printf '1 AB x\n2 BC y\n3 CD z\n7 EF w\n8 FG\n' > s2
printf 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n' > abc
printf 'a\nb\nx\nd\ne\nf\nG\nh\ni\nj\nk\n' > abd
cat -bns  s1
echo "status $?"
csplit -b %03d abc /h/-1; ls; head -v -n 2 xx* 2>/dev/null; rm -f xx*
echo "status $?"
echo a | tee -a out out; cat out; rm out
echo "status $?"
tee -p out < t.csv; cat out
echo "status $?"
