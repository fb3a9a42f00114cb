"""factbot as a part of other frameworks, each loaded only when it is asked for."""
