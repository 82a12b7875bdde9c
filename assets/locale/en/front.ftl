### front
