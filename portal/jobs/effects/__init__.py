"""Effects of time: what a day causes, told by mail once each, also after the worker was down."""
