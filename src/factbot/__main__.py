import sys

from factbot.cli.main import main

sys.exit(main())
