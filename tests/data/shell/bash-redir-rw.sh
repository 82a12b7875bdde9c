echo 'line1' > f; exec 5<> f; read l <&5; echo "$l"; echo line2 >&5; exec 5>&-; cat f
printf '0123456789' > g; exec 6<> g; read -n 3 x <&6; printf X >&6; exec 6>&-; cat g; echo
cat <> newf; ls newf
