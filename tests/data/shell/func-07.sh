f() { x=2; }; x=1; f; echo $x; (f; x=5); echo $x
