shopt -s extglob
touch foo fob bar
echo @(foo|bar) !(foo) f+(o)*
