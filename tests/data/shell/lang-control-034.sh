trap 'echo ret' RETURN; f() { echo in f; }; f; set -T; g() { echo in g; }; g; trap - RETURN; h() { trap 'echo h-ret' RETURN; echo h; }; h; f; echo 'echo sourced' > s; . ./s
