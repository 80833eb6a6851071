"""Files that people upload: containers and texts, read with limits before anything is believed."""
