echo start; echo "unterminated
