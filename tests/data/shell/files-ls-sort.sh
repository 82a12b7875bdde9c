for i in 3 1 2; do printf "%${i}00s" x > f$i; touch -d "2020-0$i-01" f$i; done
ls -S; ls -t; ls -r; ls -tr; ls -Sr; ls -U | sort; ls -lt --full-time | awk '{print $6,$7,$9}'; ls -X; touch a.c b.a c.b; touch -d 2019-01-01 a.c b.a c.b; ls -X; ls --sort=size; ls --sort=time; ls --sort=extension
