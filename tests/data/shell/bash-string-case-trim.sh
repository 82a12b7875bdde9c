trim() { local v=$1; v=${v#"${v%%[![:space:]]*}"}; v=${v%"${v##*[![:space:]]}"}; echo "[$v]"; }
trim '  hi there  '; trim ''; trim '   '; x='  a b '; echo "[${x// /}]"; y=MiXeD; echo ${y,,} ${y^^} ${y~~}
