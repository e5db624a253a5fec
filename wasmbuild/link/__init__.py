"""Does it fit? Modules in, a `LinkPlan` out; what libraries that come and go do to a process. Pure."""
