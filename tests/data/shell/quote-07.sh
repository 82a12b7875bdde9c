echo ""; echo
