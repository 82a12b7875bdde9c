echo 'Hello' | tr '[:upper:][:lower:]' '[:lower:][:upper:]'
echo "status $?"
