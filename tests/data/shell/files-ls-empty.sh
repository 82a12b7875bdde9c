mkdir e; ls e; ls -l e; ls -a e; ls -la e | head -1; ls e e; ls -s e
