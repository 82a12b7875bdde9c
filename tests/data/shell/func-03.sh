f() { local x=1; echo $x; }; x=9; f; echo $x
