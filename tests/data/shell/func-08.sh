f() { cat; }; echo hi | f
