touch "a b"; for f in *; do echo "[$f]"; done
