f=1; for i in {1..20}; do f=$((f*i)); done; echo $f; a=0 b=1; for ((i=0;i<50;i++)); do ((t=a+b,a=b,b=t)); done; echo $a
