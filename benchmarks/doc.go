// Package benchmarks measures the way of one invocation, from the bytes of the event to the bytes of the response, through
// Albatross and through the other Go adapters for an Application Load Balancer. It has tests and programs only; import nothing.
//
//	go test -run '^$' -bench Invoke/get-single .
//
// The tests hold what can be held on any machine: that every implementation answers right before its speed counts, how often
// Albatross allocates, how much memory one invocation takes at its peak, and that a million of them leave nothing behind. What
// depends on the machine is printed and never asserted: cmd/table makes the table of README.md, coldstart measures whole
// processes.
//
// It is a module of its own so that nobody who uses Albatross sees the peers in their module graph.
package benchmarks
