date -u -d 'Jul 20 2023' '+%F %T %s %j %a %b %e %u %V %I %p'
echo "status $?"
