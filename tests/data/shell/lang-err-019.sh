while true; do echo a; break; done; } ; echo b
