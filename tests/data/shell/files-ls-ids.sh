touch f; touch -d 2020-01-01 f; ls -n f; ls -g f; ls -o f; ls -G -l f; ls -lk f; ls -l --block-size=K f; ls -i f | awk '{print NF}'; ls -lgo f
