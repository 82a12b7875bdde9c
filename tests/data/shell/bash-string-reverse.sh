x=hello; r=; for ((i=${#x}-1;i>=0;i--)); do r+=${x:i:1}; done; echo $r; for ((i=0;i<${#x};i++)); do printf '%s.' "${x:$i:1}"; done; echo; echo $x | rev
