date -u -d '@86400' '+%F %T %s %j %a %b %e %u %V %I %p'
echo "status $?"
