while :; do echo y; done | head -3
