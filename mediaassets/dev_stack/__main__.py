import sys

from mediaassets.dev_stack.supervisor import main

sys.exit(main())
