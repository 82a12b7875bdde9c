mkdir d; touch f; touch x; chmod +x x; ln -s f l; ln -s nowhere broken; ln -s d ld; ls -F; ls -p; ls --file-type; ls -l ld | cut -c1-10; ls ld; ls -L -F 2>/dev/null; ls -d ld; ls -F ld
