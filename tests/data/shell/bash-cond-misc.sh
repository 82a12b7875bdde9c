[[ -n x && ( -z "" || -n "" ) ]] && echo ok
[[ abc == a* ]] && echo pat; [[ abc == "a*" ]] || echo lit
[[ abc < abd ]] && echo lt; [[ 10 -gt 9 ]] && echo gt; [[ 10 > 9 ]] || echo lex
[[ ! -e nofile ]] && echo noent
x='a b'; [[ $x == 'a b' ]] && echo nosplit
[[ -v x ]] && echo set; [[ -v nope ]] || echo unset
[[ 1+1 -eq 2 ]] && echo arith
[[ a != b ]] && echo ne
touch f1; sleep 0; [[ -f f1 && -r f1 && ! -x f1 ]] && echo file
[[ -o errexit ]] || echo off
