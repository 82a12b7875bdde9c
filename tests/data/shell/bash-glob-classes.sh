touch a1 B2 c3 _d e-f 9x; echo [[:digit:]]*; echo [[:upper:]]*; echo *[[:punct:]]*; echo [!a-zA-Z]*; echo [a-c]?; echo ?[0-9]; echo *[!0-9]; echo [_9]*; echo [^a]*; echo [a-]*
