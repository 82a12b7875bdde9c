touch 'a b' "c'd"; ls; ls -Q; ls -N; ls -1
