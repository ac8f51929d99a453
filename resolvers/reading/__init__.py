"""Reading: the standard lane, in which Strawberry's executor asks batched loaders."""
