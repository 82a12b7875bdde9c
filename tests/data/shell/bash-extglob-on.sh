shopt -s extglob
touch a.txt b.txt c.md d
echo !(*.txt) @(a|b).txt ?(a).txt *(a|b|.txt) +([a-d])
x=aaabbbccc
echo ${x//+(b)/X} ${x/*(a)/Y} ${x##+(a)} ${x%%+(c)} ${x//!(b)/-} ${x/!(b)/-}
case foobar in @(foo|bar)*) echo m1;; esac
case xyz in !(xyz)) echo no;; *) echo yes;; esac
[[ foo == !(bar) ]] && echo notbar
