touch a b; ls --zero | tr '\0' '+'; echo; ls -l nothing 2>&1 | cat
