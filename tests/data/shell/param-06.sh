s=hello; echo ${s^} ${s^^} ${s^^l}; t=HELLO; echo ${t,} ${t,,}
