touch .h v; echo *; echo .h*
