date -u -d '@0 + 1 hour' '+%F %T %s %j %a %b %e %u %V %I %p'
echo "status $?"
