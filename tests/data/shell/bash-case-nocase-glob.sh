shopt -s nocasematch; case ABC in abc) echo y;; esac; [[ FOO = f* ]] && echo y2; shopt -u nocasematch; case ABC in abc) echo y;; *) echo n;; esac
x=Hello; echo ${x/hello/X}; shopt -s nocasematch; echo ${x/hello/X}
