"""The command line: arguments in, the bot's answers printed."""
