[[ abc == a* ]] && echo y
