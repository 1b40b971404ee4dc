// Compare runs one service, written once in each of the field's frameworks, and says which of them answer as a load balancer needs
// it and how fast they are. Run it in the folder benchmarks:
//
//	go run ./compare                     all of it; writes compare/report.md, results.json and the plots
//	go run ./compare -quick              the Go frameworks, a few hundred requests, in less than a minute
//	go run ./compare -only fastapi,hono  some of them, by the names of their folders under services
//
// Every framework stands behind package balancer and runs under package runtimeapi, as a process of its own with its own runtime
// client. First each row of the correctness matrix is tried in both header modes. Then come rounds: in each, every framework is
// started once, in a new random order, asked for its first response and put under load, so that what else the machine does falls on
// all alike.
//
// The memory is read from the files of Linux under /proc; elsewhere there is a matrix and no speed.
//
// What a framework needs is installed into a cache folder by the ordinary clients of its language. What cannot be installed or does
// not answer is left out, and the report says why.
package main
