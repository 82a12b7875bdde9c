x=$(echo a
echo b); echo "$x"; echo $(
echo c # comment )
); y=$(# only comment
echo d); echo $y; z=$(); echo "[$z]"; echo "$(echo "a)b")" $(echo 'x)y') $(echo \)) 
