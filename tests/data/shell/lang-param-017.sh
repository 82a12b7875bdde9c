x=aaa; echo ${x/a*/b} ${x//a/bb} ${x/a/} ${x//a*/-}; y=; echo "[${y/a/b}]" "[${y/#/x}]" "[${y/%/x}]" ; z=abc; echo ${z/#/x} ${z/%/x} ${z//?/.}
