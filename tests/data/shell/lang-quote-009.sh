echo "a$" "$" '$' $ "a$ b"
echo "!" 'hi!' "hi!"
