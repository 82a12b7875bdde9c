mkdir -p "a b/c"; cd "a b"; echo hi > c/f; cat ./c/../c/f; cat ../"a b"/c/f; ls ..; cd c; ls ../c; cd ../..; ls
