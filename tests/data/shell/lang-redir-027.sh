cat <<A - <<B
a
A
b
B
cat <<A <(echo sub) -
heredoc
A
