ulimit -n 256; ulimit -n; ulimit -Sn 100; ulimit -Sn; ulimit -Hn; ulimit -n 1000000 2>/dev/null; echo $?
ulimit -c 0; ulimit -c; (ulimit -n 50; ulimit -n); ulimit -n
