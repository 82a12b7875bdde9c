mkdir zd ad; touch b y; ls --group-directories-first; ls -r --group-directories-first; ls -1 --group-directories-first -F
