if [[ abc == *c ]] then echo nosemi; fi; [[ a == a ]] && [[ b == c ]] || echo chain; [[
a == a
&&
b == b
]] && echo multi; [[ -n $HOME && $HOME == /* ]] && echo home; ! [[ a == b ]] && echo bang; [[ ! ! a ]] && echo dbl
