echo 'unclosed
