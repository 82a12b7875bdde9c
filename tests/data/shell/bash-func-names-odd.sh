a-b() { echo dash; }; a-b; a.b() { echo dot; }; a.b; function x:y { echo colon; }; x:y; _u() { echo under; }; _u; f1() { echo d; }; f1; function 1f { echo num; }; 1f 2>/dev/null
