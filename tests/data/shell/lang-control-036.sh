trap 'echo a' EXIT; trap 'echo b' EXIT; trap 'echo "$x"' 0; x=later; trap -l | head -2; trap foo BADSIG; echo $?; trap -p EXIT; trap -- '' HUP; trap -p HUP SIGHUP
