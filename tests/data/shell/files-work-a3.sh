cat > cfg.ini <<'X'
[a]
k=1
X
cp cfg.ini cfg.ini.bak; sed -i 's/k=1/k=2/' cfg.ini; cmp -s cfg.ini cfg.ini.bak || echo changed; mv cfg.ini.bak cfg.ini; grep k cfg.ini; [ -e cfg.ini.bak ] || echo restored; chmod 400 cfg.ini; ls -l cfg.ini | cut -d' ' -f1; stat -c %a cfg.ini
