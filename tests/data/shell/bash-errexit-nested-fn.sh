set -e; g() { false; echo g-after; }; f() { g; echo f-after; }; f || echo caught; if f; then echo ok; fi; f && echo and; ! f; (set -e; f; echo sub) || echo s; x=$(f) || echo $x; f; echo never
