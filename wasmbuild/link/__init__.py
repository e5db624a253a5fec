"""Does it fit? Modules in, a `LinkPlan` or diagnostics out. Only `search` reads files."""
