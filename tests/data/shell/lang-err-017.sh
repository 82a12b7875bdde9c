f( { echo; }
