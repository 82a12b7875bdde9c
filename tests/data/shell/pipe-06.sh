false && echo b || echo c
