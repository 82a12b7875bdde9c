printf "%b" "a\\tb\\n"
