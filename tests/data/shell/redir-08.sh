printf "1\n2\n" > f; exec 4<f; read -u 4 a; read -u 4 b; echo $b$a
