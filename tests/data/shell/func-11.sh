f() { for a; do echo "<$a>"; done; }; f 1 "2 3"
