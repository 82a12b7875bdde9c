eval 'exec 3>f; echo hi >&3'; echo x >&3; exec 3>&-; cat f
f() { exec 4>g; }; f; echo four >&4; exec 4>&-; cat g
{ exec 5>h; }; echo five >&5; cat h
f2() { exec 2>/dev/null; }; f2; ls nosuch; echo done
