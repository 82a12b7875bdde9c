touch a; ln a b; ln a c; ls -l a | awk '{print $2}'; stat -c '%h' a b c; rm b; stat -c %h a; [ a -ef c ] && echo same; ls -i a c | awk '{print $1}' | uniq | wc -l
