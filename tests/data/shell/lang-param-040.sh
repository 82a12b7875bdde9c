string="k1=v1&k2=v2&k3"; IFS='&' read -ra parts <<< "$string"; for p in "${parts[@]}"; do echo "${p%%=*} -> ${p#*=}"; done
