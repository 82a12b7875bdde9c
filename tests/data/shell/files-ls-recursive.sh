mkdir -p a/b/c d; touch a/x a/b/y a/b/c/z d/w; ls -R; ls -R a d; ls -1R a
