touch a b c; echo [ab] [!a] [a-b]
