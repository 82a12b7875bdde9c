echo ${}; echo no
