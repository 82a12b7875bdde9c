echo $_ >/dev/null; echo a b c; echo $_; : x y; echo $_; f() { :; }; f q; echo $_; x=1; echo "[$_]"; true "a b"; echo "$_"
