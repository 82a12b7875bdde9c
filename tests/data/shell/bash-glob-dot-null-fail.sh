touch .h v
shopt -s dotglob; echo *; shopt -u dotglob
shopt -s nullglob; echo x* [] end; shopt -u nullglob
shopt -s failglob; echo none*; echo "st $?"; echo after
shopt -u failglob
shopt -s nocaseglob; touch File; echo f*
