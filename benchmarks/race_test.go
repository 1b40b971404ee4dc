//go:build race

package benchmarks_test

// underRace: the race detector allocates on its own account.
const underRace = true
