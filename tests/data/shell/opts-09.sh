echo "echo sourced \$1" > s; . ./s arg
