mkdir -p a/b c; echo hi > a/f1; echo hello > c/.hid; printf '%2000s' x > big; touch -d '2020-01-02 03:04:05' a a/f1 a/b c c/.hid big .
touch -d '2021-06-07 08:09:10' a/f1
ls; ls -1; ls -a; ls -A c; ls -la --time-style=long-iso | grep -v " \.\.$"; ls -l --time-style=+%F a; ls a c; ls -d a c; ls -lh big; ls -s; ls -ls
