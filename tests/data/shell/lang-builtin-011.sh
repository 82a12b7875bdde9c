readonly X=5; X=6 2>/dev/null; echo "unreached"
