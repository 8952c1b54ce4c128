"""What the panes of the workspace show, gathered through the queries of the rooms below."""
