echo hello > >(cat > f); sleep 0.2; cat f
seq 5 | tee >(wc -l > n) >(tail -1 > last) > /dev/null; sleep 0.3; cat n last
