printf "%s\n" "$(printf "%03d " 1 2 3)"
