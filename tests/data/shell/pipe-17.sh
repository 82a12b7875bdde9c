(exit 4) & wait $!; echo $?
