echo '\n' "\n"
