y='$(echo no)'; echo $y "$y"; eval "echo $y"
