"""Playbooks: how a complaint of one kind is handled well, as data. Pure: text and facts in, steps out.

A playbook is a YAML text: when it applies, and steps with entry, guidance, phrases and the evidence that each is done.
`texts` reads and checks it, `evidence` holds the rules it may name, `judging` holds it against what really happened,
`matching` says which one fits a complaint, `shipped` knows those that the desk comes with.
"""
