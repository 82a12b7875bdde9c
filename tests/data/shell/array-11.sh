declare -p HOME >/dev/null && x="a\"b"; declare -p x
