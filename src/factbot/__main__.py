import sys

from factbot.cli import main

sys.exit(main())
